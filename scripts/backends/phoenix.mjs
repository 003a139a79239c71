import { join } from 'node:path';
import { platform } from 'node:process';
import { fileURLToPath } from 'node:url';
import { ensureCached } from '../cache.mjs';
import { run } from './run.mjs';

const version = '20.26.1';
/** Everything it pulls in, as tested. */
const versions = fileURLToPath(new URL('phoenix.txt', import.meta.url));

/**
 * Arize Phoenix in a virtual environment. It is started with `-m phoenix.server.main serve`: the scripts in `bin` still point to the
 * folder that the environment was made in.
 * @returns {Promise<string>} absolute path of the environment's Python
 */
export async function ensurePhoenix() {
  const doing = 'installing it with pip, about a minute, 900 MB';
  return pythonIn(await ensureCached(`backends/phoenix-${version}`, doing, install));
}

async function install(folder) {
  const options = { cwd: folder };
  await run(platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', folder], options);
  const words = ['--quiet', '--disable-pip-version-check', '--constraint', versions];
  await run(pythonIn(folder), ['-m', 'pip', 'install', ...words, `arize-phoenix==${version}`], options);
}

function pythonIn(folder) {
  return platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}
