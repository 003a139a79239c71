/** Bundles src/ into dist/ with code splitting: each `await import()` becomes a chunk that loads when it is needed. */
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}/dist`, { recursive: true, force: true });

await build({
  absWorkingDir: root,
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  sourcemap: false,
  // It ships helper programs beside its code and finds them by its own path.
  external: ['node-notifier'],
  // Bundled CommonJS packages ask for Node's built-in modules by require().
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  define: { 'process.env.AI_TRACE_VERSION': JSON.stringify(process.env.npm_package_version ?? '') },
  logLevel: 'warning',
});
