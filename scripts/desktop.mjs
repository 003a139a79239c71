/**
 * The programs of a Linux desktop that the notification test starts for itself: a display nobody sees, a bus and a notification
 * daemon.
 *
 *     node scripts/desktop.mjs
 */
import { realpathSync } from 'node:fs';
import { argv, stderr } from 'node:process';
import { fileURLToPath } from 'node:url';
import { ensurePrograms } from './debian.mjs';

/** @returns {Promise<string | null>} null when everything is there, else why it cannot be had */
export function ensureDesktop() {
  return ensurePrograms({
    'dbus-daemon': 'dbus',
    'dbus-send': 'dbus',
    'notify-send': 'libnotify-bin',
    dunst: 'dunst',
    Xvfb: 'xvfb',
  });
}

if (argv[1] && realpathSync(argv[1]) === fileURLToPath(import.meta.url)) {
  const reason = await ensureDesktop();
  if (reason !== null) {
    stderr.write(`${reason}\n`);
    process.exitCode = 1;
  }
}
