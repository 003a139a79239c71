/** Sessions that go well: what the receipt says is what the mock dictated, to the token. */
import { describe, expect, test } from 'vitest';
import { cliCases } from '../support/cli-cases.ts';
import { expectFigures } from '../support/figures.ts';
import { rig } from '../support/rig.ts';
import { traced } from '../support/traced.ts';

const done = { kind: 'text', text: 'All done.' } as const;

test.each(cliCases)('$name answers a prompt', async ({ name }) => {
  const cli = await rig(name, { main: [done] });
  const { code, stdout, receipt } = await traced(cli);
  expect(code).toBe(0);
  expect(stdout.toString()).toBe('All done.\n');
  expectFigures(receipt, cli.api.spent);
  expect(receipt).toMatchObject({
    schema: 1,
    provider: name,
    cwd: cli.cwd,
    git: null,
    exit: { code: 0, signal: null },
    turns: 1,
    tool_calls: 0,
    tools: [],
    errors: { total: 0, by_type: {}, last: null },
    cost: { estimated: false, billing: 'api', unpriced_tokens: 0 },
    telemetry: { spooled: 0, dropped: 0, destinations: [{ state: 'ok', last_error: null }] },
    warnings: [],
  });
  expect(receipt.session_ids).toHaveLength(1);
  expect(receipt.telemetry.received.rejected_requests).toBe(0);
});

test.each([{ name: 'codex', resume: ['exec', 'resume', '--last'] }] as const)(
  '$name goes on with a session',
  async ({ name }) => {
    const cli = await rig(name, { main: [done, done] });
    await traced(cli);
  },
);

test('claude takes several prompts on standard input', async () => {
  const claude = await rig('claude', { main: [{ kind: 'text', text: 'First answer.' }, done] });
  const prompt = (text: string) =>
    `${JSON.stringify({ type: 'user', message: { role: 'user', content: text } })}\n`;
  const { code, receipt } = await traced(claude, {
    words: ['--input-format', 'stream-json', '--output-format', 'stream-json', '--verbose'],
    input: prompt('Say hello to me.') + prompt('And once more.'),
  });
  expect(code).toBe(0);
  expectFigures(receipt, claude.api.spent);
  expect(receipt).toMatchObject({ turns: 2, llm_calls: 2 });
});

test.each([
  { how: 'a WebSocket', webSocket: 'accept', words: ['GET', 'WS', 'WS'] },
  { how: 'HTTP after its WebSocket was refused', webSocket: 'refuse', words: ['GET', 'POST'] },
] as const)('codex talks over $how', async ({ webSocket, words }) => {
  const codex = await rig('codex', { main: [done] }, { provider: 'built-in', webSocket });
  const { code, receipt } = await traced(codex);
  expect(code).toBe(0);
  expect(codex.api.requests.map(({ method }) => method)).toEqual(words);
  expectFigures(receipt, codex.api.spent);
  expect(receipt).toMatchObject({ turns: 1, llm_calls: 1, errors: { total: 0 } });
});
