/** What the benches and the demo share with the tests is in TypeScript, which Node 20 does not run. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
/** It holds a native module and cannot be bundled. */
const pty = fileURLToPath(import.meta.resolve('@lydell/node-pty'));

/**
 * Bundles a module into one file that Node runs; it is gone when this process ends.
 * @param {string} entry path from the root of the checkout
 * @param {readonly import('esbuild').Plugin[]} plugins
 * @returns {Promise<string>} absolute path of the file
 */
export async function bundle(entry, plugins = []) {
  const folder = mkdtempSync(join(tmpdir(), 'ai-trace-bundle-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, `${basename(entry, '.ts')}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
    plugins: [...plugins],
    alias: { '@lydell/node-pty': pty },
    external: [pty],
    // Bundled CommonJS packages ask for Node's built-in modules by require().
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  return outfile;
}

/**
 * Imports a module. Its bundle is gone at once: a test's worker may be ended without a word.
 * @param {string} entry path from the root of the checkout
 * @param {readonly import('esbuild').Plugin[]} plugins
 */
export async function load(entry, plugins = []) {
  const file = await bundle(entry, plugins);
  try {
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(dirname(file), { recursive: true });
  }
}
