import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** In a mount namespace of its own /etc can be another: no file of the machine is touched. */
export const canMount = spawnSync('unshare', ['-Urm', 'true']).status === 0;

/** The command as it runs where `/etc` is the folder `etc` of this home, with what every program wants of it besides. */
export function withOwnEtc(home: string, command: readonly string[]): string[] {
  const etc = join(home, 'etc');
  mkdirSync(etc, { recursive: true });
  for (const name of ['passwd', 'group', 'hosts', 'resolv.conf'])
    copyFileSync(`/etc/${name}`, join(etc, name));
  // Without any certificate authority Codex cannot make an exporter over gRPC, and then makes none.
  cpSync('/etc/ssl/certs', join(etc, 'ssl/certs'), { recursive: true, verbatimSymlinks: true });
  const mount = 'mount --bind "$0" /etc && exec "$@"';
  return ['unshare', '-Urm', 'sh', '-c', mount, etc, ...command];
}
