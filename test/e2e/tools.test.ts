/** Tools the agent runs: counted once each, by name, with their failures and their time. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cliCases } from '../support/cli-cases.ts';
import { expectFigures } from '../support/figures.ts';
import { claudeTools, codexTools, geminiTools } from '../support/mock/tool-calls.ts';
import { rig } from '../support/rig.ts';
import { traced } from '../support/traced.ts';

const done = { kind: 'text', text: 'All done.' } as const;

describe.each(cliCases)('$name', ({ name, command, tool, tellsExitCode }) => {
  test('runs a command', async () => {
    const cli = await rig(name, { main: [{ kind: 'tool', calls: [command('touch ran; sleep 0.3')] }, done] });
    const { code, receipt } = await traced(cli);
    expect(code).toBe(0);
    expect(existsSync(join(cli.cwd, 'ran'))).toBe(true);
    expectFigures(receipt, cli.api.spent);
    expect(receipt).toMatchObject({ turns: 1, tool_calls: 1, errors: { total: 0 } });
    expect(receipt.tools).toEqual([{ name: tool, calls: 1, failures: 0, duration_ms: expect.any(Number) }]);
    expect(receipt.tools[0]?.duration_ms).toBeGreaterThanOrEqual(300);
    expect(receipt.timing.tool_ms).toBeGreaterThanOrEqual(300);
    expect(receipt.timing.waiting_ms).toBe(0);
  });

  test('runs a command that fails, and goes on', async () => {
    const cli = await rig(name, {
      main: [{ kind: 'tool', calls: [command('exit 3')] }, { kind: 'tool', calls: [command('true')] }, done],
    });
    const { code, receipt } = await traced(cli);
    expect(code).toBe(0);
    expectFigures(receipt, cli.api.spent);
    expect(receipt).toMatchObject({ turns: 1, tool_calls: 2, errors: { total: 0 } });
    expect(receipt.tools).toMatchObject([{ name: tool, calls: 2, failures: tellsExitCode ? 1 : 0 }]);
  });
});

test('codex runs commands in code mode', async () => {
  const codex = await rig('codex', {
    main: [{ kind: 'tool', calls: [codexTools.codeMode('touch one', 'touch two')] }, done],
  });
  const { code, receipt } = await traced(codex, { model: 'gpt-6.1-sol' });
  expect(code).toBe(0);
  expect(['one', 'two'].map((file) => existsSync(join(codex.cwd, file)))).toEqual([true, true]);
  expectFigures(receipt, codex.api.spent);
  // The outer call and the two inside it are the same work.
  expect(receipt.tool_calls).toBe(2);
  expect(receipt.tools.map(({ name, calls, failures }) => ({ name, calls, failures }))).toEqual([
    { name: 'exec_command', calls: 2, failures: 0 },
    { name: 'exec', calls: 1, failures: 0 },
  ]);
  expect(receipt.cost.estimated).toBe(true);
});

test('codex runs a command over a WebSocket', async () => {
  const codex = await rig(
    'codex',
    { main: [{ kind: 'tool', calls: [codexTools.execCommand('touch ran')] }, done] },
    { provider: 'built-in' },
  );
  const { code, receipt } = await traced(codex);
  expect(code).toBe(0);
  expectFigures(receipt, codex.api.spent);
  expect(receipt).toMatchObject({ turns: 1, llm_calls: 2, tool_calls: 1 });
});

test('gemini writes a file and calls a tool there is not', async () => {
  const gemini = await rig('gemini', {
    main: [
      { kind: 'tool', calls: [geminiTools.writeFile('written', 'x')] },
      { kind: 'tool', calls: [{ name: 'no_such_tool', input: {} }] },
      done,
    ],
  });
  const { code, receipt } = await traced(gemini);
  expect(code).toBe(0);
  expectFigures(receipt, gemini.api.spent);
  expect(receipt.tools).toMatchObject([
    { name: 'write_file', calls: 1, failures: 0 },
    { name: 'no_such_tool', calls: 1, failures: 1 },
  ]);
});

test('claude runs two tools at once', async () => {
  const claude = await rig('claude', {
    main: [{ kind: 'tool', calls: [claudeTools.bash('sleep 0.2'), claudeTools.write('written', 'x')] }, done],
  });
  const { code, receipt } = await traced(claude);
  expect(code).toBe(0);
  expectFigures(receipt, claude.api.spent);
  expect(receipt.tool_calls).toBe(2);
  expect(receipt.tools).toMatchObject([
    { name: 'Bash', calls: 1, failures: 0 },
    { name: 'Write', calls: 1, failures: 0 },
  ]);
});
