/**
 * Bundles src/ into dist/ in two parts, so that nothing loads before the CLI is spawned that is not needed to
 * spawn it:
 * - `main.cjs`, everything up to the spawn, in one file;
 * - `chunks/*.cjs`, what stands behind each `await import()` of that part, with their common code in `chunks/shared/`.
 *
 * All of it is CommonJS. Node's ESM loader costs several ms, and an ES module that imports `node:http` reads all its exports, one of
 * which loads a whole second HTTP client: 40 ms of processor time while the CLI boots (Node ≥ 22, bench/startup.mjs).
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { lighterLibraries } from './lighter-libraries.mjs';
import { otlpCoders } from './otlp-coders.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}/dist`, { recursive: true, force: true });

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  logLevel: 'warning',
  // Its main entry is UMD, whose parts esbuild cannot see.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  outExtension: { '.js': '.cjs' },
};

/** `import()` becomes a promise of what `require()` gives. */
const commonJs = { format: 'cjs', supported: { 'dynamic-import': false } };

/** Name of the chunk → what it is made of. */
const chunks = {};

await build({
  ...common,
  ...commonJs,
  entryPoints: { main: 'src/main.ts' },
  outdir: 'dist',
  plugins: [
    {
      name: 'border',
      setup({ onResolve }) {
        onResolve({ filter: /.*/ }, ({ kind, path, importer }) => {
          if (kind !== 'dynamic-import' || path.startsWith('node:')) return undefined;
          const name = basename(path, '.ts');
          chunks[name] = path.startsWith('.') ? resolve(dirname(importer), path) : path;
          // Right from bin/ as well, where main.cjs gets its `require` from.
          return { path: `../dist/chunks/${name}.cjs`, external: true };
        });
      },
    },
  ],
});

// esbuild splits ES modules only: it does so first, and each of them is made CommonJS afterwards.
const { outputFiles } = await build({
  ...common,
  entryPoints: chunks,
  outdir: 'dist/chunks',
  chunkNames: 'shared/[name]-[hash]',
  format: 'esm',
  splitting: true,
  plugins: [...lighterLibraries, otlpCoders],
  write: false,
});
for (const { path, text } of outputFiles) {
  const isCode = path.endsWith('.cjs');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, isCode ? await asCommonJs(text) : text);
}

async function asCommonJs(text) {
  // `createRequire`, for which it is asked, takes the path as well.
  const define = { 'import.meta.url': '__filename' };
  const banner = '"use strict";';
  const { code } = await transform(text, {
    ...commonJs,
    platform: 'node',
    minifyWhitespace: true,
    define,
    banner,
  });
  return code;
}
