import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface ListeningProcess {
  url: string;
  /** Waits until it really stands still. */
  stop(): Promise<void>;
  resume(): void;
  /** Waits for a line that it prints after the start: `connection` for each, `accepted <bytes>` for each request. */
  said(line: string): Promise<void>;
  end(): Promise<void>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The listener in a process of its own, which can be stopped as a whole. Linux only. */
export async function startListeningProcess(dir: string, tickMs: number): Promise<ListeningProcess> {
  const outfile = join(dir, 'listening.mjs');
  await build({
    stdin: {
      contents: `
        import { startListener } from './src/pipeline/listener/listener.ts';
        const accept = ({ body }) => console.log('accepted ' + body.length);
        const listener = await startListener('s3cret', async () => ({ accept, room: () => null }), ${tickMs});
        console.log(listener.url);
        let seen = 0;
        setInterval(() => {
          if (listener.connections() > seen) console.log('connection');
          seen = listener.connections();
        }, 5);`,
      resolveDir: root,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
  const child = spawn(process.execPath, [outfile], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const nextLine = async () => {
    while (lines.length === 0) await once(output, 'line');
    return lines.shift() ?? '';
  };
  const url = await nextLine();
  return {
    url,
    stop: async () => {
      child.kill('SIGSTOP');
      while (stateOf(child) !== 'T') await new Promise((resolve) => setTimeout(resolve, 5));
    },
    resume: () => void child.kill('SIGCONT'),
    said: async (line) => {
      while ((await nextLine()) !== line);
    },
    end: async () => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

function stateOf({ pid }: ChildProcess): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2)[0];
}
