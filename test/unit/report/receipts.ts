import type { Receipt } from '../../../src/report/receipt.ts';

/** The example of design.md §4 with figures in it. */
export function receipt(change: Partial<Receipt> = {}): Receipt {
  const usage = {
    input_tokens: 19_221,
    output_tokens: 251,
    cache_read_tokens: 15_013,
    cache_write_tokens: 3007,
    reasoning_tokens: 12,
  };
  return {
    schema: 1,
    run_id: '4a2f6a1c-9a4e-4e55-8a53-0f0fd7a6f0aa',
    provider: 'codex',
    cli_version: '0.169.0',
    session_ids: ['s1'],
    trace_ids: ['0af7651916cd43dd8448eb211c80319c'],
    cwd: '/home/u/p',
    git: { repository: 'github.com/o/n', branch: 'main', commit: 'c0ffee' },
    started_at: '2026-11-21T12:00:00.000Z',
    ended_at: '2026-11-21T12:03:12.000Z',
    duration_ms: 192_000,
    exit: { code: 0, signal: null },
    turns: 1,
    llm_calls: 2,
    tool_calls: 1,
    timing: { llm_ms: 4200, tool_ms: 12, waiting_ms: 0 },
    tools: [{ name: 'exec_command', calls: 1, failures: 0, duration_ms: 12 }],
    usage,
    cost: { usd: 0.0339, source: 'computed', estimated: false, billing: 'api', unpriced_tokens: 0 },
    models: [{ model: 'gpt-5.5', llm_calls: 2, usage, usd: 0.0339, estimated: false, role: 'main' }],
    errors: { total: 0, by_type: {}, last: null },
    telemetry: {
      received: { logs: 3, spans: 2, metric_points: 1, rejected_requests: 0 },
      forwarded: { requests: 3, bytes: 34_000 },
      spooled: 0,
      dropped: 0,
      destinations: [{ url: 'http://127.0.0.1:4318', state: 'ok', last_error: null }],
    },
    warnings: [],
    ...change,
  };
}
