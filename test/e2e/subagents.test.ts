/** Sub-agents: their calls, tokens and tools are the session's, in a row of their own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectFigures } from '../support/figures.ts';
import { claudeTools, codexTools, geminiTools } from '../support/mock/tool-calls.ts';
import { rig } from '../support/rig.ts';
import { traced } from '../support/traced.ts';

const done = { kind: 'text', text: 'All done.' } as const;

test('claude waits for a sub-agent that runs a tool', async () => {
  const claude = await rig('claude', {
    main: [{ kind: 'tool', calls: [claudeTools.agent('Look around.', false)] }, done],
    subagent: [
      { kind: 'tool', calls: [claudeTools.bash('touch ran')] },
      { kind: 'text', text: 'Nothing here.' },
    ],
  });
  const { code, receipt } = await traced(claude);
  expect(code).toBe(0);
  expect(existsSync(join(claude.cwd, 'ran'))).toBe(true);
  expectFigures(receipt, claude.api.spent);
  expect(receipt.models.map(({ role, llm_calls }) => ({ role, llm_calls }))).toEqual([
    { role: 'main', llm_calls: 2 },
    { role: 'subagent', llm_calls: 2 },
  ]);
  expect(receipt.turns).toBe(1);
  expect(receipt.tools.map(({ name, calls }) => `${name} ${calls}`).sort()).toEqual(['Agent 1', 'Bash 1']);
});

test('claude has a sub-agent work in the background, and prompts itself when it reports', async () => {
  const claude = await rig('claude', {
    main: [
      { kind: 'tool', calls: [claudeTools.agent('Look around.')] },
      { kind: 'text', text: 'It runs.' },
      done,
    ],
    subagent: [
      { kind: 'tool', calls: [claudeTools.bash('sleep 0.5')] },
      { kind: 'text', text: 'Nothing here.' },
    ],
  });
  const { code, receipt } = await traced(claude);
  expect(code).toBe(0);
  expectFigures(receipt, claude.api.spent);
  expect(receipt.turns).toBe(1);
  expect(receipt.models.map(({ role, llm_calls }) => ({ role, llm_calls }))).toEqual([
    { role: 'main', llm_calls: 3 },
    { role: 'subagent', llm_calls: 2 },
  ]);
});

test('gemini asks a sub-agent', async () => {
  const gemini = await rig('gemini', {
    main: [{ kind: 'tool', calls: [geminiTools.invokeAgent('Look around.')] }, done],
    subagent: [{ kind: 'tool', calls: [geminiTools.completeTask('Nothing here.')] }],
  });
  const { code, receipt } = await traced(gemini);
  expect(code).toBe(0);
  expectFigures(receipt, gemini.api.spent);
  expect(receipt.turns).toBe(1);
  expect(receipt.models.map(({ role, llm_calls }) => `${role} ${llm_calls}`).sort()).toEqual([
    'main 2',
    'subagent 1',
    'utility 1',
  ]);
  expect(receipt.tools.map(({ name, calls }) => `${name} ${calls}`).sort()).toEqual([
    'complete_task 1',
    'invoke_agent 1',
  ]);
});

test('codex spawns a sub-agent that runs a tool', async () => {
  const codex = await rig('codex', {
    main: [
      { kind: 'tool', calls: [codexTools.spawnAgent('Look around.')] },
      { kind: 'tool', calls: [codexTools.waitAgent()] },
      done,
    ],
    subagent: [
      { kind: 'tool', calls: [codexTools.codeMode('touch ran')] },
      { kind: 'text', text: 'Nothing here.' },
    ],
  });
  const { code, receipt, forwarded } = await traced(codex, { model: 'gpt-6.1-sol' });
  expect(code).toBe(0);
  expect(existsSync(join(codex.cwd, 'ran'))).toBe(true);
  expectFigures(receipt, codex.api.spent);
  expect(receipt.turns).toBe(1);
  expect(receipt.session_ids).toHaveLength(1);
  expect(receipt.models.map(({ role, llm_calls }) => `${role} ${llm_calls}`).sort()).toEqual([
    'main 3',
    'subagent 2',
  ]);
  // Its outer `exec` and the command inside are the same work.
  expect(receipt.tool_calls).toBe(3);
  expect(forwarded).not.toContain('Look around.');
});
