import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Receipt } from '../../../src/report/receipt.ts';
import { renderReceipt, type TerminalOptions } from '../../../src/report/terminal.ts';
import { receipt } from './receipts.ts';

const options: TerminalOptions = {
  columns: 60,
  colour: false,
  title: 'Codex CLI',
  keptAt: '~/sessions/x.json',
};

function render(change: Partial<Receipt> = {}, with_: Partial<TerminalOptions> = {}): string {
  return renderReceipt(receipt(change), { ...options, ...with_ });
}

/** The text behind a label, folded lines put together again. */
function row(text: string, label: string): string | undefined {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.startsWith(`  ${label.padEnd(9)}`));
  if (at < 0) return undefined;
  const end = lines.findIndex((line, i) => i > at && !line.startsWith(' '.repeat(11)));
  return lines
    .slice(at, end)
    .map((line) => line.slice(11))
    .join(' ');
}

test('an ordinary receipt', () => {
  expect(render().trim()).toBe(
    `
ai-trace  Codex CLI 0.169.0 · 3 m 12 s · exit 0
  cost     $0.0339  from list prices; billed to your API key
  tokens   19.2k in (78% cached, 3k written) · 251 out (12
           reasoning)
  turns    1 turn · 2 LLM calls · 1 tool call · gpt-5.5
  tools    exec_command × 1 · 12 ms
  time     model 4.2 s · tools 12 ms · waiting for you 0 ms
  sent to  http://127.0.0.1:4318
           3 requests, 34 kB
  kept in  ~/sessions/x.json
  trace    0af7651916cd43dd8448eb211c80319c`.trim(),
  );
});

describe('the heading', () => {
  test.each([
    [{ code: 0, signal: null }, 'exit 0'],
    [{ code: 3, signal: null }, 'exit 3'],
    [{ code: null, signal: 'SIGTERM' }, 'SIGTERM'],
  ])('tells %j', (exit, expected) => {
    expect(render({ exit })).toContain(` · ${expected}\n`);
  });

  test('does without a version', () => {
    expect(render({ cli_version: null })).toContain('ai-trace  Codex CLI · 3 m');
  });
});

describe('rows that have nothing to say are left out', () => {
  const nothing = render(
    {
      llm_calls: 0,
      models: [],
      tools: [],
      cost: { ...receipt().cost, usd: 0 },
      usage: {
        input_tokens: 0,
        output_tokens: 0,
        cache_read_tokens: 0,
        cache_write_tokens: 0,
        reasoning_tokens: null,
      },
      timing: { llm_ms: 0, tool_ms: 0, waiting_ms: 0 },
      trace_ids: [],
      telemetry: { ...receipt().telemetry, destinations: [], forwarded: { requests: 0, bytes: 0 } },
    },
    { keptAt: null },
  );

  test.each(['cost', 'tokens', 'models', 'tools', 'errors', 'time', 'sent to', 'kept in', 'trace', 'note'])(
    '%s',
    (label) => {
      expect(row(nothing, label)).toBeUndefined();
    },
  );

  test('but never the turns', () => {
    expect(row(nothing, 'turns')).toContain('1 turn · 0 LLM calls');
  });
});

describe('the cost', () => {
  const cost = (change: Partial<Receipt['cost']>) =>
    row(render({ cost: { ...receipt().cost, ...change } }), 'cost');

  test('is marked where it is an estimate', () => {
    expect(cost({ estimated: true })).toMatch(/^~\$0\.0339 /);
  });

  test('is a lower bound where tokens have no price', () => {
    expect(cost({ unpriced_tokens: 1200, estimated: true })).toMatch(/^≥ \$0\.0339 \+ 1\.2k tokens unpriced/);
  });

  test('of calls without any price is shown, and is not just $0', () => {
    expect(cost({ usd: 0, unpriced_tokens: 1200 })).toMatch(/^≥ \$0 \+ 1\.2k tokens unpriced/);
  });

  test('of a free call is shown', () => {
    expect(cost({ usd: 0 })).toMatch(/^\$0 /);
  });
});

describe('models', () => {
  const [main] = receipt().models;
  if (!main) throw new Error('no model');

  test('are listed when there are several', () => {
    const text = render({
      models: [main, { ...main, model: 'small', role: 'utility', llm_calls: 1, estimated: true, usd: 0.001 }],
    });
    expect(row(text, 'models')).toBe(
      'gpt-5.5  2 calls · 19.2k in · 251 out · $0.0339 small (utility)  1 call · 19.2k in · 251 out · ~$0.0010',
    );
    expect(row(text, 'turns')).not.toContain('gpt-5.5');
  });
});

describe('tokens', () => {
  test('without cache and reasoning say no more than they know', () => {
    const usage = { ...receipt().usage, cache_read_tokens: 0, cache_write_tokens: 0, reasoning_tokens: null };
    expect(row(render({ usage }), 'tokens')).toBe('19.2k in (0% cached) · 251 out');
  });
});

describe('tools', () => {
  test('that failed say so', () => {
    const tools = [{ name: 'Bash', calls: 3, failures: 2, duration_ms: 1500 }];
    expect(row(render({ tools }), 'tools')).toBe('Bash × 3 · 2 failed · 1.5 s');
  });
});

describe('errors', () => {
  const last = { type: 'rate_limit', message: 'slow down', at: '2026-11-21T12:00:00.000Z' } as const;

  test('are told with the last one and what to do about it', () => {
    const text = render({ errors: { total: 3, by_type: { rate_limit: 2, auth: 1 }, last } });
    expect(row(text, 'errors')).toMatch(/^rate_limit × 2 · auth × 1 last: slow down → wait a little/);
  });

  test('without a message have the advice alone', () => {
    const text = render({
      errors: { total: 1, by_type: { auth: 1 }, last: { ...last, type: 'auth', message: '' } },
    });
    expect(row(text, 'errors')).toMatch(/^auth × 1 → check your login or API key: codex login/);
  });
});

describe('where it was sent', () => {
  test('tells what could not be delivered', () => {
    const { telemetry } = receipt();
    const text = render({
      telemetry: {
        ...telemetry,
        dropped: 7,
        forwarded: { requests: 0, bytes: 0 },
        destinations: [{ url: 'http://127.0.0.1:4318', state: 'unreachable', last_error: 'ECONNREFUSED' }],
      },
    });
    expect(row(text, 'sent to')).toMatch(
      /nothing was listening on\s+http:\/\/127\.0\.0\.1:4318 7 records not delivered/,
    );
  });

  test('counts the traces', () => {
    expect(row(render({ trace_ids: ['aa', 'bb', 'cc'] }), 'trace')).toBe('aa and 2 more');
  });
});

describe('colour', () => {
  const everything = {
    exit: { code: 1, signal: null },
    warnings: ['careful'],
    errors: { total: 1, by_type: { auth: 1 }, last: null },
  };

  test('is not used unless it is asked for', () => {
    expect(render(everything)).not.toContain('\u001b');
  });

  test('is used when it is asked for, wherever stdout goes, and changes no word', () => {
    const painted = render(everything, { colour: true });
    expect(painted).toContain('\u001b[31m');
    expect(stripVTControlCharacters(painted)).toBe(render(everything));
  });
});
