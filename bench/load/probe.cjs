/**
 * Loaded into ai-trace by `node --require`, and so not into what it starts: writes at its end what the kernel counted of it to the file
 * that BENCH_PROBE names.
 */
const { readFileSync, writeFileSync } = require('node:fs');
const { monitorEventLoopDelay } = require('node:perf_hooks');

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
process.once('exit', () => {
  const { user, system } = process.cpuUsage();
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  writeFileSync(
    process.env.BENCH_PROBE,
    JSON.stringify({
      cpuSeconds: (user + system) / 1e6,
      peakMb: Number(peak) / 1024,
      blockedMs: delay.max / 1e6,
    }),
  );
});
