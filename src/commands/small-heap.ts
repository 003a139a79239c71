import { setFlagsFromString } from 'node:v8';

/**
 * Nobody is to feel what a session's telemetry costs (bench/memory.mjs). V8's young generation stays at its first size: left alone it
 * grows with the garbage of each request, to 12 MB more for the same work. And WebAssembly, which is undici's HTTP parser, is compiled
 * once and not optimized: that takes 35 MB for as long as it lasts.
 *
 * To be called when all is loaded: with other flags V8 does not take what was compiled before, neither of Node's own modules nor of
 * ours, and loading takes three times as long.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--liftoff-only');
}
