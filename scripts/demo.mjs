/**
 * `npm run demo [-- codex|gemini|claude]`: one traced session of the real CLI against a mock of its model, with a home of its own.
 * Installs, builds and fetches the CLI by itself; nothing of the user's own CLIs is touched and nothing leaves the machine.
 */
import { join } from 'node:path';
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

// Only now is there what it needs to be loaded.
const { load } = await import('./typescript.mjs');
const { demo } = await load('test/support/demo.ts');
process.exitCode = await demo(name, executable, join(root, 'bin', 'ai-trace.js'));
