/**
 * No test but a tool: records the headless fixtures anew, for a new version of a CLI.
 *
 *     AI_TRACE_RECORD_FIXTURES=1 npm run test:e2e -- test/e2e/record.test.ts
 *
 * Each scenario goes to test/fixtures/captures-new/<cli>/<scenario>/, with the receipt beside its requests. Before one takes its place
 * in captures/: look it through for the names of your machine, and write its `expected.json`.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { claudeTools, codexTools, geminiTools } from '../support/mock/tool-calls.ts';
import { type Rig, rig } from '../support/rig.ts';
import { type TracedOptions, traced } from '../support/traced.ts';

const folder = fileURLToPath(new URL('../fixtures/captures-new', import.meta.url));
const done = { kind: 'text', text: 'All done.' } as const;

describe.runIf(process.env['AI_TRACE_RECORD_FIXTURES'] === '1')('records', () => {
  test('codex', async () => {
    const command = { kind: 'tool', calls: [codexTools.execCommand('echo hi')] } as const;
    const codeMode = { kind: 'tool', calls: [codexTools.codeMode('echo one', 'echo two')] } as const;
    await record('exec-plain', await rig('codex', { main: [done] }));
    await record('exec-tool', await rig('codex', { main: [command, done] }));
    await record('exec-code-mode', await rig('codex', { main: [codeMode, done] }), { model: 'gpt-6.1-sol' });
    await record(
      'exec-429-then-ok',
      await rig('codex', { main: [{ kind: 'error', status: 429, retryAfter: 1 }, done] }),
    );
    await record(
      'exec-websocket-tool',
      await rig('codex', { main: [command, done] }, { provider: 'built-in' }),
    );
  });

  test('gemini', async () => {
    const command = { kind: 'tool', calls: [geminiTools.runShellCommand('echo hi')] } as const;
    const file = { kind: 'tool', calls: [geminiTools.writeFile('written', 'x')] } as const;
    await record('headless-plain', await rig('gemini', { main: [done] }));
    await record('headless-shell-tool', await rig('gemini', { main: [command, done] }));
    await record('headless-write-file', await rig('gemini', { main: [file, done] }));
    await record(
      'headless-429-then-ok',
      await rig('gemini', { main: [{ kind: 'error', status: 429, retryAfter: 1 }, done] }),
    );
    await record('headless-401-fails', await rig('gemini', { main: [{ kind: 'error', status: 401 }] }));
  });

  test('claude', async () => {
    const command = { kind: 'tool', calls: [claudeTools.bash('echo hi')] } as const;
    const agent = { kind: 'tool', calls: [claudeTools.agent('Look around.')] } as const;
    await record('print-plain', await rig('claude', { main: [done] }));
    await record('print-bash-tool', await rig('claude', { main: [command, done] }));
    await record(
      'print-subagent-async',
      await rig('claude', {
        main: [agent, { kind: 'text', text: 'It runs.' }, done],
        subagent: [command, done],
      }),
    );
    await record(
      'print-429-retries',
      await rig('claude', { main: [{ kind: 'error', status: 429, times: 2 }, done] }),
    );
    await record('print-403-fails', await rig('claude', { main: [{ kind: 'error', status: 403 }] }));
  });
});

async function record(scenario: string, cli: Rig, options: TracedOptions = {}): Promise<void> {
  const dir = join(folder, cli.name, scenario);
  rmSync(dir, { recursive: true, force: true });
  const { receipt } = await traced(cli, { ...options, own: ['--record', dir] });
  expect(receipt.warnings.filter((warning) => warning.startsWith('nothing recorded'))).toEqual([]);
  writeFileSync(join(dir, 'receipt.json'), `${JSON.stringify(receipt, null, 1)}\n`);
}
