/**
 * The real CLIs the end-to-end tests run, pinned, each installed once into a cache outside the checkout (about 400 MB each).
 *
 *     node scripts/clis.mjs [codex|gemini|claude …]      prints the path of each executable, one a line
 *
 * Cache: `$AI_TRACE_CACHE`, else `$XDG_CACHE_HOME` or `~/.cache`; below it `ai-trace-dev/clis/<name>-<version>/`.
 */
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { argv, env, exit, platform, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';

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
  const folder = join(cacheFolder(), `${name}-${version}`);
  if (isComplete(folder)) {
    stderr.write(`${name} ${version}: in the cache\n`);
    return executable(folder, name);
  }
  stderr.write(`${name} ${version}: installing ${packageName} into ${folder}\n`);
  await mkdir(cacheFolder(), { recursive: true });
  const staging = await mkdtemp(`${folder}.`);
  try {
    await install(name, staging);
    await writeFile(marker(staging), `${packageName}@${version}\n`);
    await publish(staging, folder);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return executable(folder, name);
}

/** Moves a finished install to its place, unless another run was faster. */
async function publish(staging, folder) {
  if (existsSync(folder) && !isComplete(folder)) await rm(folder, { recursive: true, force: true });
  try {
    await rename(staging, folder);
  } catch (error) {
    if (!isComplete(folder)) throw error;
  }
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

function cacheFolder() {
  const base = env.AI_TRACE_CACHE || env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return resolve(base, 'ai-trace-dev', 'clis');
}

function marker(folder) {
  return join(folder, 'complete');
}

function isComplete(folder) {
  return existsSync(marker(folder));
}

function executable(folder, name) {
  return join(folder, 'node_modules', '.bin', platform === 'win32' ? `${name}.cmd` : name);
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
