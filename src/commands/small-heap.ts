import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's young generation at its first size. Left alone it grows with the garbage of each request, to 12 MB more for the same work
 * (bench/memory.mjs): nobody is to feel what a session's telemetry costs.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
