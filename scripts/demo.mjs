/**
 * `npm run demo [-- codex|gemini|claude]`: one traced session of the real CLI against a mock of its model, with a home of its own.
 * Installs, builds and fetches the CLI by itself; nothing of the user's own CLIs is touched and nothing leaves the machine.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { clis, ensureCli } from './clis.mjs';
import { ensureInstalled, root, step } from './setup.mjs';

const name = process.argv[2] ?? 'codex';
if (!Object.hasOwn(clis, name)) {
  console.error(`demo: '${name}' is not one of ${Object.keys(clis).join(', ')}`);
  process.exit(2);
}

ensureInstalled();
step(process.execPath, ['scripts/build.mjs']);
const executable = await ensureCli(name);

// The mocks are the tests' own, in TypeScript.
const { build } = await import('esbuild');
const folder = mkdtempSync(join(tmpdir(), 'ai-trace-demo-'));
const bundle = join(folder, 'demo.mjs');
await build({
  absWorkingDir: root,
  entryPoints: ['test/support/demo.ts'],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  logLevel: 'warning',
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
try {
  const { demo } = await import(pathToFileURL(bundle).href);
  process.exitCode = await demo(name, executable, join(root, 'bin', 'ai-trace.js'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
