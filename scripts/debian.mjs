/**
 * Programs that tests start for real and that Debian and its relatives have as packages. What is missing is installed where that is
 * possible: as root. Plain Node without any npm package.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { env, getuid, platform, stderr } from 'node:process';

/**
 * @param {Readonly<Record<string, string>>} packages program → Debian package
 * @returns {Promise<string | null>} null when everything is there, else why it cannot be had
 */
export async function ensurePrograms(packages) {
  if (platform !== 'linux') return 'not on Linux';
  const wanted = missing(packages);
  if (wanted.length === 0) return null;
  if (getuid?.() !== 0) return `${wanted.join(', ')} not installed, and only root may install`;
  const names = [...new Set(wanted.map((program) => packages[program]))];
  stderr.write(`installing ${names.join(' ')}\n`);
  if (!(await apt('install', ...names))) {
    // The lists may be old, or none.
    await apt('update');
    await apt('install', ...names);
  }
  const left = missing(packages);
  return left.length === 0 ? null : `${left.join(', ')} could not be installed by apt-get`;
}

/** Absolute path of a program on PATH or among those for administrators; null when there is none. */
export function programFile(program) {
  const folders = [...(env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, program)).find(isExecutable) ?? null;
}

function missing(packages) {
  return Object.keys(packages).filter((program) => programFile(program) === null);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function apt(...words) {
  // Several test files may want something at once.
  const wait = ['-o', 'DPkg::Lock::Timeout=300'];
  const child = spawn('apt-get', ['-qq', '-y', '--no-install-recommends', ...wait, ...words], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  const [code] = await once(child, 'close').catch(() => [null]);
  return code === 0;
}
