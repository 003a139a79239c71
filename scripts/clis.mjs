/**
 * The real CLIs the end-to-end tests run, pinned, each installed once into a cache outside the checkout (about 400 MB each).
 *
 *     node scripts/clis.mjs [codex|gemini|claude …]      prints the path of each executable, one a line
 */
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { argv, exit, platform, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { ensureCached } from './cache.mjs';

/** Name of the executable → where it comes from. `scripts`: whether the package needs its install scripts. */
export const clis = {
  codex: { package: '@openai/codex', version: '0.169.0', scripts: false },
  // Its scripts only compile optional native modules (key chain, a second pty); it works without them.
  gemini: { package: '@google/gemini-cli', version: '0.61.0', scripts: false },
  // Its script puts the native binary in the place of a stub.
  claude: { package: '@anthropic-ai/claude-code', version: '2.1.329', scripts: true },
};

/**
 * Installs the CLI if this version is not in the cache yet.
 * @param {keyof typeof clis} name
 * @returns {Promise<string>} absolute path of the executable
 * @throws {Error} when npm fails; the cache is then as it was before
 */
export async function ensureCli(name) {
  const { version, package: packageName } = clis[name];
  const doing = `installing ${packageName}, about 400 MB`;
  const folder = await ensureCached(`clis/${name}-${version}`, doing, (staging) => install(name, staging));
  return join(folder, 'node_modules', '.bin', platform === 'win32' ? `${name}.cmd` : name);
}

async function install(name, folder) {
  const { package: packageName, version, scripts } = clis[name];
  const options = ['--prefix', folder, '--no-fund', '--no-audit', '--loglevel=error'];
  if (!scripts) options.push('--ignore-scripts');
  const npm = spawn('npm', ['install', ...options, `${packageName}@${version}`], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: platform === 'win32',
  });
  const code = await new Promise((done, fail) => npm.once('error', fail).once('close', done));
  if (code !== 0) throw new Error(`npm install ${packageName}@${version} ended with ${code}`);
}

async function main(names) {
  const unknown = names.filter((name) => !Object.hasOwn(clis, name));
  if (unknown.length > 0) {
    stderr.write(`unknown: ${unknown.join(' ')}; known: ${Object.keys(clis).join(' ')}\n`);
    exit(2);
  }
  for (const name of names.length > 0 ? names : Object.keys(clis)) stdout.write(`${await ensureCli(name)}\n`);
}

if (argv[1] && realpathSync(argv[1]) === fileURLToPath(import.meta.url)) await main(argv.slice(2));
