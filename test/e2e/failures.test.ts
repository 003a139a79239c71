/** Model calls that fail: how the CLI ends is untouched, each failed attempt it tells of counts once, by its cause. */
import { describe, expect, test } from 'vitest';
import type { CliName } from '../../scripts/clis.mjs';
import type { ErrorType } from '../../src/session/event.ts';
import { expectFigures } from '../support/figures.ts';
import { answered } from '../support/mock/api.ts';
import type { BrokenStep, RefusalStep } from '../support/mock/script.ts';
import { rig } from '../support/rig.ts';
import { type RunOptions, traced, untraced } from '../support/traced.ts';

const done = { kind: 'text', text: 'All done.' } as const;

/** Keeps the CLIs' own patience short. Gemini's cannot be changed. */
const impatient: Record<CliName, RunOptions> = {
  codex: { retries: 1, idleTimeoutMs: 500 },
  gemini: {},
  claude: { env: { CLAUDE_CODE_MAX_RETRIES: '1' } },
};

type Errors = Partial<Record<ErrorType, number>>;
type Trouble = Omit<RefusalStep, 'kind'>;

const forEver = Number.POSITIVE_INFINITY;

const fatal: { name: CliName; trouble: Trouble; errors: Errors }[] = [
  { name: 'codex', trouble: { status: 400 }, errors: { validation: 1 } },
  { name: 'codex', trouble: { status: 401, times: forEver }, errors: { auth: 2 } },
  { name: 'codex', trouble: { status: 403, times: forEver }, errors: { auth: 2 } },
  { name: 'codex', trouble: { status: 429 }, errors: { rate_limit: 1 } },
  // Twice for each of two streams.
  { name: 'codex', trouble: { status: 500, times: forEver }, errors: { server: 4 } },
  { name: 'gemini', trouble: { status: 400 }, errors: { validation: 1 } },
  { name: 'gemini', trouble: { status: 400, code: 'API_KEY_INVALID' }, errors: { auth: 1 } },
  { name: 'gemini', trouble: { status: 401 }, errors: { auth: 1 } },
  { name: 'gemini', trouble: { status: 403 }, errors: { auth: 1 } },
  // Claude tells of the last attempt only.
  { name: 'claude', trouble: { status: 400, times: forEver }, errors: { validation: 1 } },
  { name: 'claude', trouble: { status: 401, times: forEver }, errors: { auth: 1 } },
  { name: 'claude', trouble: { status: 403, times: forEver }, errors: { auth: 1 } },
  { name: 'claude', trouble: { status: 429, times: forEver }, errors: { rate_limit: 1 } },
  { name: 'claude', trouble: { status: 500, times: forEver }, errors: { server: 1 } },
  { name: 'claude', trouble: { status: 529, times: forEver }, errors: { overloaded: 1 } },
];

/**
 * A failing `codex exec` ends without a flush: on a busy machine its last records, which it batches for 10 ms, may never leave it
 * (facts/codex.md §3), and nobody can count them.
 */
const unflushed = { retry: 2 };

describe('ends the session', () => {
  test.each(fatal)('$name $trouble', unflushed, async ({ name, trouble, errors }) => {
    const script = { main: [{ kind: 'error', ...trouble }] } as const;
    const cli = await rig(name, script);
    const { code, receipt } = await traced(cli, impatient[name]);
    expect(code).toBe(1);
    expect(await untraced(await rig(name, script), impatient[name])).toMatchObject({ code, signal: null });

    expectFigures(receipt, cli.api.spent);
    expect(answered(cli.api.spent, 'main').calls).toBe(0);
    expect(receipt).toMatchObject({ exit: { code, signal: null }, turns: 1 });
    expectErrors(receipt.errors, errors);
  });
});

const passing: { name: CliName; trouble: Trouble; errors: Errors }[] = [
  { name: 'codex', trouble: { status: 429, retryAfter: 1 }, errors: { rate_limit: 1 } },
  { name: 'codex', trouble: { status: 500 }, errors: { server: 1 } },
  { name: 'gemini', trouble: { status: 429, retryAfter: 1 }, errors: { rate_limit: 1 } },
  { name: 'gemini', trouble: { status: 500 }, errors: { server: 1 } },
  { name: 'gemini', trouble: { status: 503 }, errors: { overloaded: 1 } },
];

describe('is overcome', () => {
  test.each(passing)('$name $trouble', async ({ name, trouble, errors }) => {
    const cli = await rig(name, { main: [{ kind: 'error', ...trouble }, done] });
    const { code, stdout, receipt } = await traced(cli, impatient[name]);
    expect(code).toBe(0);
    expect(stdout.toString()).toBe('All done.\n');
    expectFigures(receipt, cli.api.spent);
    expectErrors(receipt.errors, errors);
  });

  test.each([429, 500, 529])('claude, which hides it: %i', async (status) => {
    const claude = await rig('claude', { main: [{ kind: 'error', status }, done] });
    const { code, receipt } = await traced(claude, impatient.claude);
    expect(code).toBe(0);
    expectFigures(receipt, claude.api.spent);
    expectErrors(receipt.errors, {});
    expect(receipt.warnings).toEqual([expect.stringMatching(/^1 attempt failed and was repeated/)]);
  });
});

describe('a stream that breaks', () => {
  const cut: BrokenStep = { kind: 'cut', afterEvents: 3 };
  const stall: BrokenStep = { kind: 'stall', afterEvents: 2 };

  test.each([
    { how: 'cut', step: cut, errors: { network: 1 } },
    { how: 'silent', step: stall, errors: { timeout: 1 } },
  ])('codex, $how: it asks again', async ({ step, errors }) => {
    const codex = await rig('codex', { main: [step, done] });
    const { code, receipt } = await traced(codex, impatient.codex);
    expect(code).toBe(0);
    expectFigures(receipt, codex.api.spent);
    expectErrors(receipt.errors, errors);
  });

  test('gemini, cut: it gives up', async () => {
    const gemini = await rig('gemini', { main: [cut] });
    const { code, receipt } = await traced(gemini);
    expect(code).toBe(1);
    expectFigures(receipt, gemini.api.spent);
    expectErrors(receipt.errors, { network: 1 });
  });

  test('claude, cut: it asks again, and counts what the first answer had cost by then', async () => {
    const claude = await rig('claude', { main: [cut, done] });
    const { code, receipt } = await traced(claude, impatient.claude);
    expect(code).toBe(0);
    const { calls, usage } = answered(claude.api.spent);
    expect(receipt.llm_calls).toBe(calls);
    // The input is told at the beginning of a stream, and is paid then.
    expect(receipt.usage.input_tokens).toBe(2 * usage.inputTokens);
    expect(receipt.usage.output_tokens).toBeGreaterThan(usage.outputTokens);
    expect(receipt.warnings).toEqual([
      expect.stringMatching(/^1 attempt failed and was repeated/),
      expect.stringContaining('19.2k tokens are in Claude Code'),
    ]);
  });
});

test('gemini says nothing when it fails with JSON output', async () => {
  const script = { main: [{ kind: 'error', status: 401 }] } as const;
  const { code, receipt } = await traced(await rig('gemini', script), { json: true });
  // The HTTP status modulo 256.
  expect(code).toBe(145);
  expect(receipt).toMatchObject({ exit: { code: 145 }, llm_calls: 0, turns: 0 });
  expect(receipt.warnings).toEqual([expect.stringMatching(/^no telemetry arrived/)]);
});

function expectErrors(told: { total: number; by_type: Errors; last: unknown }, errors: Errors): void {
  expect(told.by_type).toEqual(errors);
  expect(told.total).toBe(Object.values(errors).reduce((sum, count) => sum + count, 0));
  expect(told.last === null).toBe(told.total === 0);
}
