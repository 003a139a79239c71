import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Receipt } from '../../../src/report/receipt.ts';
import { renderReceipt } from '../../../src/report/terminal.ts';
import { receipt } from './receipts.ts';

/** What a model, a tool, a vendor or a path may try. */
const hostile = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '\u001b[2J\u001b[31mred',
    '\u001b]0;title\u0007',
    'a\nb\r\nc',
    '\u009b31m',
    '\u202egnp.exe',
    'x'.repeat(300),
    `https://${'host'.repeat(40)}.example/${'path/'.repeat(30)}`,
    `/very/${'long'.repeat(30)}/path`,
    '',
  ),
);

const anyReceipt: fc.Arbitrary<Receipt> = fc
  .record({
    name: hostile,
    message: hostile,
    url: hostile,
    version: fc.option(hostile),
    amount: fc.double({ min: 0, max: 1e6, noNaN: true }),
    count: fc.nat(1e9),
    signal: fc.option(fc.constantFrom('SIGTERM', 'SIGKILL')),
    estimated: fc.boolean(),
    state: fc.constantFrom('ok', 'unreachable', 'rejected'),
  })
  .map(({ name, message, url, version, amount, count, signal, estimated, state }) => {
    const base = receipt();
    const usage = { ...base.usage, input_tokens: count, output_tokens: count };
    const row = { model: name, llm_calls: count, usage, usd: amount, estimated, role: 'main' } as const;
    return receipt({
      cli_version: version,
      duration_ms: count,
      exit: { code: signal === null ? count % 256 : null, signal },
      usage,
      llm_calls: count,
      tools: [{ name, calls: count, failures: count, duration_ms: count }],
      cost: { ...base.cost, usd: amount, estimated, unpriced_tokens: estimated ? 0 : count },
      models: [row, { ...row, role: 'subagent' }],
      errors: {
        total: 1,
        by_type: { unknown: count },
        last: { type: 'unknown', message, at: base.ended_at },
      },
      telemetry: { ...base.telemetry, destinations: [{ url, state, last_error: message }], dropped: count },
      trace_ids: ['0af7651916cd43dd8448eb211c80319c', 'bb'],
      warnings: [message, name],
    });
  });

const options = { columns: 60, title: 'Claude Code', keptAt: `~/.local/state/${'long'.repeat(20)}/x.json` };

describe('any receipt', () => {
  test('has no line over the width of the terminal', () => {
    fc.assert(
      fc.property(anyReceipt, fc.boolean(), (any, colour) => {
        const lines = stripVTControlCharacters(renderReceipt(any, { ...options, colour })).split('\n');
        expect(lines.filter((line) => line.length > 60)).toEqual([]);
      }),
    );
  });

  test('has no control character of others in it', () => {
    fc.assert(
      fc.property(anyReceipt, (any) => {
        const text = renderReceipt(any, { ...options, colour: false });
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });
});

test('a narrow terminal is given 40 columns, a wide one 100', () => {
  const warnings = ['word '.repeat(60)];
  const widest = (columns: number) =>
    Math.max(
      ...renderReceipt(receipt({ warnings, trace_ids: [] }), {
        ...options,
        keptAt: null,
        columns,
        colour: false,
      })
        .split('\n')
        .slice(2)
        .map((line) => line.length),
    );
  expect(widest(1)).toBeLessThanOrEqual(40);
  expect(widest(500)).toBeGreaterThan(90);
  expect(widest(500)).toBeLessThanOrEqual(100);
});
