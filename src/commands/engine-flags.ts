import { setFlagsFromString } from 'node:v8';

export interface EngineFlags {
  /** To be called with each request: sees how much we have had to do, and how large we are. */
  look(): void;
  /** Does something with the flags that V8 starts with: code that it hands out is good for those of that moment only. */
  withUsual(action: () => void): void;
}

/** As V8 starts. */
const usual = ['--semi-space-growth-factor=2', '--opt', '--heap-growing-percent=0'];

/** A process that has used so much processor time is of no short session any more. ms */
const longFrom = 1000;
/** Between two looks, which take a tenth of a millisecond each. ms */
const lookAfter = 100;
/** From this resident size on the old generation is kept tight. Bytes */
const tightFrom = 150 * 1024 * 1024;

/**
 * Nobody is to feel what a session's telemetry costs (bench/session.mjs, bench/memory.mjs).
 * - V8's young generation stays at its first size: left alone it grows with the garbage of each request, to 12 MB more for the same
 *   work, and each collection takes 4 ms instead of 1.5.
 * - Code is optimized once a session has given us much to do. A short one ends before that has paid; it would take a quarter of our
 *   processor time, on the cores that the CLI works on.
 * - In a flood the old generation is collected when it is three quarters larger than what was in use: left alone V8 waits for twice to
 *   four times as much, which is 200 MB. It costs a tenth more processor time, and longer waits for who sends (bench/listener.mjs); so
 *   it is not done before.
 *
 * To be called when all is loaded: with other flags V8 does not take what was compiled before, neither of Node's own modules nor of
 * ours, and loading takes three times as long.
 */
export function setEngineFlags(): EngineFlags {
  // Before, it cannot have used so much.
  let nextLook = longFrom;
  let isLong = false;
  let isTight = false;
  const flags = () => [
    '--semi-space-growth-factor=1',
    isLong ? '--opt' : '--no-opt',
    ...(isTight ? ['--heap-growing-percent=75'] : []),
  ];
  set(flags());
  return {
    look: () => {
      const now = performance.now();
      if (now < nextLook) return;
      nextLook = now + lookAfter;
      const { user, system } = process.cpuUsage();
      isLong ||= (user + system) / 1000 >= longFrom;
      isTight ||= process.memoryUsage.rss() >= tightFrom;
      set(flags());
    },
    withUsual: (action) => {
      set(usual);
      action();
      set(flags());
    },
  };
}

function set(flags: readonly string[]): void {
  for (const flag of flags) setFlagsFromString(flag);
}
