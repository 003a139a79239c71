import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { programFile } from '../../scripts/debian.mjs';

/** Program → package of Debian; see `ensurePrograms`. */
export const sshPackages = { sshd: 'openssh-server', ssh: 'openssh-client', 'ssh-keygen': 'openssh-client' };

/**
 * An SSH server of our own on the loopback, which knows one made-up key; gone again at the end of the test.
 * @returns the words that run something there, with a terminal
 */
export async function startSshServer(home: string): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ai-trace-ssh-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [hostKey, userKey] = ['host', 'user'].map((name) => makeKey(join(folder, name)));
  const port = await freePort();
  const config = join(folder, 'sshd_config');
  writeFileSync(
    config,
    [
      'ListenAddress 127.0.0.1',
      `Port ${port}`,
      `HostKey ${hostKey}`,
      `AuthorizedKeysFile ${userKey}.pub`,
      'PidFile none',
      'UsePAM no',
      // The folder for temporary files is everybody's.
      'StrictModes no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PrintMotd no',
      'PrintLastLog no',
      // The shell that sshd starts reads this home's files, and not those of whoever runs the tests.
      `SetEnv HOME=${home}`,
    ].join('\n'),
  );
  // Debian's sshd keeps what it does not trust in here; a boot makes it, and a container has none.
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const server = spawn(programFile('sshd') ?? 'sshd', ['-D', '-e', '-f', config], {
    env: {},
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => ended(server));
  let said = '';
  server.stderr?.on('data', (data) => {
    said += data;
  });
  await expect.poll(() => said, { timeout: 20_000 }).toContain('Server listening');

  const options = {
    IdentityFile: userKey,
    IdentitiesOnly: 'yes',
    IdentityAgent: 'none',
    StrictHostKeyChecking: 'no',
    UserKnownHostsFile: '/dev/null',
    LogLevel: 'ERROR',
  };
  return [
    'ssh',
    '-F/dev/null',
    '-tt',
    ...Object.entries(options).map(([key, value]) => `-o${key}=${value}`),
    `-p${port}`,
    `${userInfo().username}@127.0.0.1`,
  ];
}

function makeKey(file: string): string {
  const { status } = spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'made up', '-f', file]);
  if (status !== 0) throw new Error(`ssh-keygen ended with ${status}`);
  return file;
}

/** sshd cannot be asked which port the system has chosen, so the system is asked before. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function ended(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    server.once('exit', () => resolve());
    if (!server.kill('SIGTERM')) resolve();
  });
}
