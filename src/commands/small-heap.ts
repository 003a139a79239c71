import { setFlagsFromString } from 'node:v8';

/** Between two looks at our memory so much comes in. Bytes */
const lookAfter = 1024 * 1024;
/** From this resident size on the old generation is kept tight. Bytes */
const tightFrom = 150 * 1024 * 1024;

/**
 * Nobody is to feel what a session's telemetry costs (bench/memory.mjs). V8's young generation stays at its first size: left alone it
 * grows with the garbage of each request, to 12 MB more for the same work, and each collection takes 4 ms instead of 1.5. And
 * WebAssembly, which is undici's HTTP parser, is compiled once and not optimized: that takes 35 MB for as long as it lasts.
 *
 * To be called when all is loaded: with other flags V8 does not take what was compiled before, neither of Node's own modules nor of
 * ours, and loading takes three times as long.
 * @returns to be told of the bytes of each request. In a flood the old generation is collected when it is three quarters larger than what
 *   was in use: left alone V8 waits for twice to four times as much, which is 200 MB. It costs a tenth more processor time, and longer
 *   waits for who sends (bench/listener.mjs); so it is not done before.
 */
export function keepHeapSmall(): (bytes: number) => void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--liftoff-only');
  let unseen = 0;
  let isTight = false;
  return (bytes) => {
    unseen += bytes;
    if (isTight || unseen < lookAfter) return;
    unseen = 0;
    if (process.memoryUsage.rss() < tightFrom) return;
    isTight = true;
    setFlagsFromString('--heap-growing-percent=75');
  };
}
