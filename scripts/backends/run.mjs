import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { env as ownEnv } from 'node:process';

/**
 * Runs a command to its end.
 * @param {string} command
 * @param {readonly string[]} words
 * @param {{cwd: string, env?: Record<string, string>}} options `env` is laid over this program's own
 * @returns {Promise<string>} what it wrote to stdout
 * @throws {Error} when it cannot be started or ends with another code than 0; what it said of that is on stderr
 */
export async function run(command, words, { cwd, env = {} }) {
  const child = spawn(command, words, {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...ownEnv, ...env },
  });
  let told = '';
  child.stdout.on('data', (data) => {
    told += data;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ${words.join(' ')} ended with ${code}`);
  return told;
}
