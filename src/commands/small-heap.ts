import { setFlagsFromString } from 'node:v8';

/**
 * Nobody is to feel what a session's telemetry costs (bench/memory.mjs). V8's young generation stays at its first size: left alone it
 * grows with the garbage of each request, to 12 MB more for the same work, and each collection takes 4 ms instead of 1.5. The old one is
 * collected when it is three quarters larger than what was in use: left alone V8 waits for twice to four times as much, which in a flood
 * is 100 MB. And WebAssembly, which is undici's HTTP parser, is compiled once and not optimized: that takes 35 MB for as long as it lasts.
 *
 * To be called when all is loaded: with other flags V8 does not take what was compiled before, neither of Node's own modules nor of
 * ours, and loading takes three times as long.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=75');
  setFlagsFromString('--liftoff-only');
}
