/** Other launchers, and the Node versions they and ai-trace are started by, pinned and kept in the cache of scripts/cache.mjs. */
import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureCached } from '../../scripts/cache.mjs';

/** Major version → what is installed. The newest is the newest LTS. */
const nodes = { 20: '20.20.2', 24: '24.21.0', 26: '26.10.0' };

const packages = { '@dotenvx/dotenvx': '2.38.2', 'cross-env': '10.1.0', execa: '9.6.1', npm: '11.21.2' };

/** What anybody would write by hand with execa. */
const withExeca = `import { execa } from 'execa';
const { exitCode } = await execa({ stdio: 'inherit', reject: false })\`codex\`;
process.exitCode = exitCode;
`;

/** @returns {Promise<Record<string, string>>} version → program */
export async function ensureNodes() {
  const programs = {};
  for (const version of Object.values(nodes)) {
    const name = `node-${process.platform}-${process.arch}`;
    const folder = await ensureCached(
      `nodes/${version}`,
      `installing Node ${version}, about 120 MB`,
      (staging) => install(staging, { [name]: version }),
    );
    programs[version] = join(folder, 'node_modules', name, 'bin', 'node');
  }
  return programs;
}

/** @returns {Promise<Record<string, string[]>>} what one would type → the words behind Node that start `codex` */
export async function ensureLaunchers() {
  const key = Object.values(packages).join('-');
  const folder = await ensureCached(`launchers/${key}`, 'installing other launchers', (staging) => {
    install(staging, packages);
    writeFileSync(join(staging, 'with-execa.mjs'), withExeca);
  });
  const of = (file) => join(folder, 'node_modules', file);
  return {
    'cross-env A=1 codex': [of('cross-env/dist/bin/cross-env.js'), 'A=1', 'codex'],
    'execa, three lines': [join(folder, 'with-execa.mjs')],
    'dotenvx run -- codex': [
      of('@dotenvx/dotenvx/src/cli/dotenvx.js'),
      ...['run', '--quiet', '--ignore=MISSING_ENV_FILE', '--', 'codex'],
    ],
    'npx --no codex': [of('npm/bin/npx-cli.js'), '--no', '--', 'codex'],
  };
}

/** As npm leaves it in a project where it was installed: npx looks for it there. */
export function writeProgram(file, text) {
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}

function install(folder, versions) {
  const words = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
  const options = ['--prefix', folder, '--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error'];
  const { status } = spawnSync('npm', ['install', ...options, ...words], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`npm install ${words.join(' ')} ended with ${status}`);
}
