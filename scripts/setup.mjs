/**
 * Installs the npm packages of the lockfile when they are not there yet. Plain Node without any package, so
 * that every command of the README works on a fresh clone.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

export function ensureInstalled() {
  // npm writes this file last; it is older than the lockfile when that has changed since.
  const installed = `${root}/node_modules/.package-lock.json`;
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(`${root}/package-lock.json`).mtimeMs)
    return;
  step('npm', ['ci', '--no-fund', '--no-audit']);
}

/** Runs one command in the project's folder; a failure ends the whole script with its code. */
export function step(command, args, env = {}) {
  console.error(`\n> ${command} ${args.join(' ')}`);
  const { status, signal, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    // npm and npx are batch files on Windows.
    shell: process.platform === 'win32',
  });
  if (error) console.error(String(error));
  if (status !== 0) process.exit(status ?? (signal ? 1 : 0));
}

/** Runs a program of an installed package. */
export function tool(name, ...args) {
  step(process.execPath, [`${root}/node_modules/${name}`, ...args]);
}
