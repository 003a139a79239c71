/** The real CLIs against the mocks, without ai-trace: what the other end-to-end tests stand on. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { answered, refusals } from '../support/mock/api.ts';
import { claudeTools, codexTools, geminiTools } from '../support/mock/tool-calls.ts';
import type { Rig } from '../support/rig.ts';
import { rig } from '../support/rig.ts';
import { type RunResult, runHeadless } from '../support/run.ts';
import { Terminal } from '../support/terminal.ts';

type RunOptions = Parameters<Rig['args']>[2];

const done = { kind: 'text', text: 'All done.' } as const;
const twoAnswers = {
  main: [
    { kind: 'text', text: 'First answer.' },
    { kind: 'text', text: 'Second answer.' },
  ],
} as const;

describe('codex', () => {
  test('answers a prompt', async () => {
    const codex = await rig('codex', { main: [done] });
    const result = await headless(codex);
    expect(result).toMatchObject({ code: 0, signal: null });
    expect(result.stdout.toString()).toBe('All done.\n');
    expect(codex.api.spent).toEqual([
      {
        kind: 'answered',
        model: 'gpt-5.5',
        role: 'main',
        usage: {
          inputTokens: 1200,
          outputTokens: 77,
          cacheReadTokens: 1024,
          cacheWriteTokens: 17,
          cacheWrite1hTokens: null,
          reasoningTokens: 33,
        },
      },
    ]);
  });

  test('runs a tool', async () => {
    const codex = await rig('codex', {
      main: [{ kind: 'tool', calls: [codexTools.execCommand('touch ran')] }, done],
    });
    expect((await headless(codex)).code).toBe(0);
    expect(existsSync(join(codex.cwd, 'ran'))).toBe(true);
    expect(answered(codex.api.spent, 'main').calls).toBe(2);
  });

  test('runs commands in code mode', async () => {
    const codex = await rig('codex', {
      main: [{ kind: 'tool', calls: [codexTools.codeMode('touch one', 'touch two')] }, done],
    });
    expect((await headless(codex, { model: 'gpt-6.1-sol' })).code).toBe(0);
    expect(['one', 'two'].map((file) => existsSync(join(codex.cwd, file)))).toEqual([true, true]);
    expect(codex.api.spent.map(({ model }) => model)).toEqual(['gpt-6.1-sol', 'gpt-6.1-sol']);
  });

  test('talks over a WebSocket, warmed up for nothing', async () => {
    const codex = await rig('codex', { main: [done] }, { provider: 'built-in' });
    const result = await headless(codex);
    expect(result.stdout.toString()).toBe('All done.\n');
    expect(codex.api.requests.map(({ method }) => method)).toEqual(['GET', 'WS', 'WS']);
    expect(answered(codex.api.spent).calls).toBe(1);
  });

  test('goes over to HTTP where there is no WebSocket', async () => {
    const codex = await rig('codex', { main: [done] }, { provider: 'built-in', webSocket: 'refuse' });
    const result = await headless(codex);
    expect(result.stdout.toString()).toBe('All done.\n');
    expect(codex.api.requests.map(({ method }) => method)).toEqual(['GET', 'POST']);
  });

  test('fails when it is refused', async () => {
    const codex = await rig('codex', { main: [{ kind: 'error', status: 401, times: Infinity }] });
    const result = await headless(codex, { retries: 1 });
    expect(result).toMatchObject({ code: 1, signal: null });
    expect(result.stderr).toContain('unexpected status 401 Unauthorized');
    expect(refusals(codex.api.spent)).toEqual([401, 401]);
    expect(answered(codex.api.spent).calls).toBe(0);
  });

  test('holds a session in a terminal, with hidden title threads', async () => {
    const codex = await rig('codex', twoAnswers);
    await twoPrompts(codex, 'Ask Codex to do anything', '/quit');
    expect(answered(codex.api.spent, 'main').calls).toBe(2);
    expect(answered(codex.api.spent, 'utility').calls).toBeGreaterThan(0);
  });
});

describe('gemini', () => {
  test('answers a prompt after it has asked for a route', async () => {
    const gemini = await rig('gemini', { main: [done] });
    const result = await headless(gemini);
    expect(result).toMatchObject({ code: 0, signal: null });
    expect(result.stdout.toString()).toBe('All done.\n');
    expect(gemini.api.spent.map(({ role }) => role)).toEqual(['utility', 'main']);
    expect(answered(gemini.api.spent, 'main').usage).toEqual({
      inputTokens: 1007,
      outputTokens: 85,
      cacheReadTokens: 400,
      cacheWriteTokens: 0,
      cacheWrite1hTokens: null,
      reasoningTokens: 60,
    });
  });

  test('runs tools', async () => {
    const gemini = await rig('gemini', {
      main: [
        { kind: 'tool', calls: [geminiTools.runShellCommand('touch ran')] },
        { kind: 'tool', calls: [geminiTools.writeFile('written', 'x')] },
        done,
      ],
    });
    expect((await headless(gemini)).code).toBe(0);
    expect(['ran', 'written'].map((file) => existsSync(join(gemini.cwd, file)))).toEqual([true, true]);
    expect(answered(gemini.api.spent, 'main').calls).toBe(3);
  });

  test('asks a sub-agent', async () => {
    const gemini = await rig('gemini', {
      main: [{ kind: 'tool', calls: [geminiTools.invokeAgent('Look around.')] }, done],
      subagent: [{ kind: 'tool', calls: [geminiTools.completeTask('Nothing here.')] }],
    });
    const result = await headless(gemini);
    expect(result.stdout.toString()).toBe('All done.\n');
    expect(gemini.api.spent.map(({ role }) => role)).toEqual(['utility', 'main', 'subagent', 'main']);
  });

  test('fails when it is refused', async () => {
    const gemini = await rig('gemini', { main: [{ kind: 'error', status: 401 }] });
    expect(await headless(gemini)).toMatchObject({ code: 1, signal: null });
    expect(refusals(gemini.api.spent)).toEqual([401]);
    expect(answered(gemini.api.spent, 'main').calls).toBe(0);
  });

  test('holds a session in a terminal', async () => {
    const gemini = await rig('gemini', twoAnswers);
    await twoPrompts(gemini, 'Type your message', '/quit');
    expect(gemini.api.spent.map(({ role }) => role)).toEqual(['utility', 'main', 'utility', 'main']);
  });
});

describe('claude', () => {
  test('answers a prompt', async () => {
    const claude = await rig('claude', { main: [done] });
    const result = await headless(claude);
    expect(result).toMatchObject({ code: 0, signal: null });
    expect(result.stdout.toString()).toBe('All done.\n');
    expect(claude.api.spent).toEqual([
      {
        kind: 'answered',
        model: 'claude-opus-5-5',
        role: 'main',
        usage: {
          inputTokens: 19_221,
          outputTokens: 251,
          cacheReadTokens: 15_013,
          cacheWriteTokens: 3_007,
          cacheWrite1hTokens: 2_004,
          reasoningTokens: null,
        },
      },
    ]);
  });

  test('runs tools', async () => {
    const claude = await rig('claude', {
      main: [
        { kind: 'tool', calls: [claudeTools.bash('touch ran'), claudeTools.write('written', 'x')] },
        done,
      ],
    });
    expect((await headless(claude)).code).toBe(0);
    expect(['ran', 'written'].map((file) => existsSync(join(claude.cwd, file)))).toEqual([true, true]);
    expect(answered(claude.api.spent, 'main').calls).toBe(2);
  });

  test('asks a sub-agent and waits for it', async () => {
    const claude = await rig('claude', {
      main: [{ kind: 'tool', calls: [claudeTools.agent('Look around.', false)] }, done],
      subagent: [
        { kind: 'tool', calls: [claudeTools.bash('touch ran')] },
        { kind: 'text', text: 'Nothing here.' },
      ],
    });
    expect((await headless(claude)).stdout.toString()).toBe('All done.\n');
    expect(existsSync(join(claude.cwd, 'ran'))).toBe(true);
    expect(claude.api.spent.map(({ role }) => role)).toEqual(['main', 'subagent', 'subagent', 'main']);
  });

  test('asks a sub-agent in the background, and goes on when it reports', async () => {
    const claude = await rig('claude', {
      main: [
        { kind: 'tool', calls: [claudeTools.agent('Look around.')] },
        { kind: 'text', text: 'It runs.' },
        done,
      ],
      subagent: [{ kind: 'text', text: 'Nothing here.' }],
    });
    expect((await headless(claude)).stdout.toString()).toBe('It runs.\n\nAll done.\n');
    expect(answered(claude.api.spent, 'main').calls).toBe(3);
    expect(answered(claude.api.spent, 'subagent').calls).toBe(1);
  });

  test('fails when it is refused', async () => {
    const claude = await rig('claude', { main: [{ kind: 'error', status: 403 }] });
    const result = await headless(claude);
    expect(result).toMatchObject({ code: 1, signal: null });
    expect(result.stdout.toString()).toContain('API Error: 403');
    expect(claude.api.spent).toEqual([
      { kind: 'refused', model: 'claude-opus-5-5', role: 'main', status: 403 },
    ]);
  });

  test('holds a session in a terminal, and gives it a title', async () => {
    const claude = await rig('claude', twoAnswers);
    await twoPrompts(claude, '❯', '/exit');
    expect(answered(claude.api.spent, 'main').calls).toBe(2);
    expect(answered(claude.api.spent, 'utility').calls).toBe(1);
  });

  test('has a model decide on a tool, after its notice about the price of that', async () => {
    // A command that only touches the project would pass without a question.
    const claude = await rig('claude', {
      main: [{ kind: 'tool', calls: [claudeTools.bash('curl -s http://127.0.0.1:1; touch ran')] }, done],
    });
    const terminal = inTerminal(claude, 'Say hello to me.', { approval: 'model' });
    await terminal.waitFor('Enter to continue');
    await terminal.press('enter');
    await terminal.waitFor('All done.');
    await terminal.submit('/exit');
    expect(await terminal.exit).toEqual({ code: 0, signal: null });
    expect(existsSync(join(claude.cwd, 'ran'))).toBe(true);
    expect(claude.api.spent.map(({ model, role }) => `${role} ${model}`)).toContain(
      'utility claude-sonnet-5',
    );
  });
});

async function headless({ executable, args, env, cwd }: Rig, options: RunOptions = {}): Promise<RunResult> {
  const result = await runHeadless([executable, ...args('headless', 'Say hello to me.', options)], {
    env,
    cwd,
  });
  expect(result.timedOut).toBe(false);
  return result;
}

function inTerminal({ executable, args, env, cwd }: Rig, prompt: string, options: RunOptions = {}): Terminal {
  const terminal = new Terminal([executable, ...args('tui', prompt, options)], { env, cwd });
  onTestFinished(() => terminal.close());
  return terminal;
}

async function twoPrompts(cli: Rig, ready: string, quit: string): Promise<void> {
  const terminal = inTerminal(cli, '');
  await terminal.waitFor(ready, 60_000);
  await terminal.submit('Say hello to me.');
  await terminal.waitFor('First answer.');
  await terminal.submit('And once more.');
  await terminal.waitFor('Second answer.');
  await terminal.submit(quit);
  expect(await terminal.exit).toEqual({ code: 0, signal: null });
}
