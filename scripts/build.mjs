/**
 * Bundles src/ into dist/, so that nothing loads before the CLI is spawned that is not needed to spawn it:
 * - `main.cjs`, everything up to the spawn;
 * - `chunks/session.cjs`, what a session loads beside the CLI: each part of it begins when it is asked for;
 * - `chunks/*.cjs`, what stands behind each other `await import()` of main.cjs, and what is too large to be read for few.
 *
 * Each is one file: esbuild would put common code into thirty, which took a session 8 ms of processor time to find and to read. So a
 * module of two files is there twice, with a state and classes of its own in each; the parts of a session share theirs.
 *
 * All of it is CommonJS. Node's ESM loader costs several ms, and an ES module that imports `node:http` reads all its exports, one of
 * which loads a whole second HTTP client: 40 ms of processor time while the CLI boots (Node ≥ 22, bench/startup.mjs).
 */
import { rmSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { lighterLibraries } from './lighter-libraries.mjs';
import { otlpDefinitions } from './otlp-definitions.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}/dist`, { recursive: true, force: true });

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  // `import()` becomes a promise of what `require()` gives, and `createRequire`, for which it is asked, takes the path as well.
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': '__filename' },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  logLevel: 'warning',
  // Its main entry is UMD, whose parts esbuild cannot see.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  outExtension: { '.js': '.cjs' },
};

/** What main.cjs imports of a session. */
const partNames = ['http-server', 'grpc-listener', 'intake', 'live-tracing', 'finish'];

/** Name → file or package: the parts of a session, and the other chunks. */
const parts = {};
const chunks = {};

const border = {
  name: 'border',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /.*/ }, ({ kind, path, importer, namespace }) => {
      // Right from bin/, where main.cjs gets its `require` from, as well.
      if (namespace === 'part') return { path: '../dist/chunks/session.cjs', external: true };
      if (kind !== 'dynamic-import' || path.startsWith('node:')) return undefined;
      const name = basename(path, '.ts');
      const file = path.startsWith('.') ? resolve(dirname(importer), path) : path;
      if (partNames.includes(name)) {
        parts[name] = file;
        return { path: name, namespace: 'part' };
      }
      chunks[name] = file;
      return { path: `../dist/chunks/${name}.cjs`, external: true };
    });
    onLoad({ filter: /.*/, namespace: 'part' }, ({ path }) => ({
      contents: `module.exports = require('session')[${JSON.stringify(path)}]();`,
    }));
  },
};

/** Half a megabyte, for those who send or receive by gRPC. */
const grpcApart = {
  name: 'grpc-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^@grpc\/grpc-js$/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: './grpc-js.cjs', external: true },
    );
  },
};

const session = {
  name: 'session',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^session$/ }, () => ({ path: 'session', namespace: 'session' }));
    onLoad({ filter: /.*/, namespace: 'session' }, () => {
      const members = Object.entries(parts).map(
        ([name, file]) => `'${name}': () => require(${JSON.stringify(file)})`,
      );
      return { contents: `module.exports = { ${members} };`, resolveDir: root };
    });
  },
};

await build({ ...common, entryPoints: { main: 'src/main.ts' }, outdir: 'dist', plugins: [border] });
await build({
  ...common,
  entryPoints: { ...chunks, session: 'session', 'grpc-js': '@grpc/grpc-js' },
  outdir: 'dist/chunks',
  banner: { js: '"use strict";' },
  plugins: [session, grpcApart, ...lighterLibraries, otlpDefinitions],
});
