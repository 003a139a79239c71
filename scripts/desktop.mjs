/**
 * The programs of a Linux desktop that the notification test starts for itself: a display nobody sees, a bus and a notification
 * daemon. What is missing is installed where that is possible: on Debian and its relatives, as root.
 *
 *     node scripts/desktop.mjs
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { argv, env, getuid, platform, stderr } from 'node:process';
import { fileURLToPath } from 'node:url';

/** Program → Debian package. */
const packages = {
  'dbus-daemon': 'dbus',
  'dbus-send': 'dbus',
  'notify-send': 'libnotify-bin',
  dunst: 'dunst',
  Xvfb: 'xvfb',
};

/** @returns {Promise<string | null>} null when everything is there, else why it cannot be had */
export async function ensureDesktop() {
  if (platform !== 'linux') return 'not on Linux';
  const wanted = missing();
  if (wanted.length === 0) return null;
  if (getuid?.() !== 0) return `${wanted.join(', ')} not installed, and only root may install`;
  const names = [...new Set(wanted.map((program) => packages[program]))];
  stderr.write(`installing ${names.join(' ')}\n`);
  if (!(await apt('install', ...names))) {
    // The lists may be old, or none.
    await apt('update');
    await apt('install', ...names);
  }
  const left = missing();
  return left.length === 0 ? null : `${left.join(', ')} could not be installed by apt-get`;
}

async function apt(...words) {
  const child = spawn('apt-get', ['-qq', '-y', '--no-install-recommends', ...words], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  const [code] = await once(child, 'close').catch(() => [null]);
  return code === 0;
}

function missing() {
  return Object.keys(packages).filter((program) => !isOnPath(program));
}

function isOnPath(program) {
  return (env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

if (argv[1] && realpathSync(argv[1]) === fileURLToPath(import.meta.url)) {
  const reason = await ensureDesktop();
  if (reason !== null) {
    stderr.write(`${reason}\n`);
    process.exitCode = 1;
  }
}
