/**
 * Bundles src/ into dist/ in two parts, so that nothing loads before the CLI is spawned that is not needed to
 * spawn it:
 * - `main.cjs`, everything up to the spawn, in one file and as CommonJS: Node starts it without its ESM
 *   loader, which saves   several ms (bench/startup.mjs);
 * - `chunks/*.js`, what stands behind each `await import()` of that part, as ES modules that share their
 *   common code.
 */
import { rmSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

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
};

/** Name of the chunk → what it is made of. */
const chunks = {};

await build({
  ...common,
  entryPoints: { main: 'src/main.ts' },
  outdir: 'dist',
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  plugins: [
    {
      name: 'border',
      setup({ onResolve }) {
        onResolve({ filter: /.*/ }, ({ kind, path, importer }) => {
          if (kind !== 'dynamic-import' || path.startsWith('node:')) return undefined;
          const name = basename(path, '.ts');
          chunks[name] = path.startsWith('.') ? resolve(dirname(importer), path) : path;
          return { path: `./chunks/${name}.js`, external: true };
        });
      },
    },
  ],
});

await build({
  ...common,
  entryPoints: chunks,
  outdir: 'dist/chunks',
  chunkNames: 'shared/[name]-[hash]',
  format: 'esm',
  splitting: true,
  // It ships helper programs beside its code and finds them by its own path.
  external: ['node-notifier'],
  // Bundled CommonJS packages ask for Node's built-in modules by require().
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
