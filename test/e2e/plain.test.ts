/** Sessions that go well: what the receipt says is what the mock dictated, to the token. */
import { expect, test } from 'vitest';
import type { CliName } from '../../scripts/clis.mjs';
import { cliCases } from '../support/cli-cases.ts';
import { expectFigures } from '../support/figures.ts';
import { rig } from '../support/rig.ts';
import { traced } from '../support/traced.ts';

const first = { kind: 'text', text: 'First answer.' } as const;
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

const resume: Record<CliName, (words: readonly string[]) => string[]> = {
  codex: (words) => words.toSpliced(-1, 0, 'resume', '--last'),
  gemini: (words) => ['--resume', 'latest', ...words],
  claude: (words) => ['--continue', ...words],
};

test.each(cliCases)('$name goes on with its last session', async ({ name }) => {
  const cli = await rig(name, { main: [first, done] });
  const before = await traced(cli);
  const spentBefore = cli.api.spent.length;
  const after = await traced(cli, { words: resume[name] });
  expect(after.stdout.toString()).toBe('All done.\n');
  expectFigures(after.receipt, cli.api.spent.slice(spentBefore));
  expect(after.receipt.turns).toBe(1);
  expect(after.receipt.session_ids).toEqual(before.receipt.session_ids);
  expect(after.receipt.run_id).not.toBe(before.receipt.run_id);
});

test('claude takes several prompts from standard input', async () => {
  const claude = await rig('claude', { main: [first, done] });
  const prompt = (content: string) =>
    `${JSON.stringify({ type: 'user', message: { role: 'user', content } })}\n`;
  const streamed = ['--input-format', 'stream-json', '--output-format', 'stream-json', '--verbose'];
  const { code, receipt } = await traced(claude, {
    words: (words) => [...streamed, ...words],
    input: prompt('Say hello to me.') + prompt('And once more.'),
  });
  expect(code).toBe(0);
  expectFigures(receipt, claude.api.spent);
  expect(receipt).toMatchObject({ turns: 2, llm_calls: 2 });
});

test.each([
  { webSocket: 'accept', over: 'a WebSocket', methods: ['GET', 'WS', 'WS'] },
  { webSocket: 'refuse', over: 'HTTP where there is no WebSocket', methods: ['GET', 'POST'] },
] as const)('codex talks over $over', async ({ webSocket, methods }) => {
  const codex = await rig('codex', { main: [done] }, { provider: 'built-in', webSocket });
  const { code, receipt } = await traced(codex);
  expect(code).toBe(0);
  expect(codex.api.requests.map(({ method }) => method)).toEqual(methods);
  expectFigures(receipt, codex.api.spent);
  expect(receipt).toMatchObject({ turns: 1, llm_calls: 1, errors: { total: 0 } });
});
