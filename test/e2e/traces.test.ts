/** The unified trace: the same story is the same tree, whichever CLI it was. */
import { describe, expect, test } from 'vitest';
import { num, text } from '../../src/otlp/attributes.ts';
import { hex } from '../../src/otlp/hex.ts';
import type { Span } from '../../src/otlp/types.ts';
import { type CliCase, cliCases } from '../support/cli-cases.ts';
import { type Forwarded, readForwardedLines } from '../support/forwarded.ts';
import type { RefusalStep } from '../support/mock/script.ts';
import { rig } from '../support/rig.ts';
import { type TracedOptions, type TracedRun, traced } from '../support/traced.ts';

const agents = { codex: 'codex', gemini: 'gemini-cli', claude: 'claude-code' } as const;

/** Two tools at once, of which one fails, and an answer. */
async function story(
  { name, command }: CliCase,
  options: TracedOptions = {},
  before: readonly RefusalStep[] = [],
): Promise<[TracedRun, Forwarded]> {
  const cli = await rig(name, {
    main: [
      ...before,
      { kind: 'tool', calls: [command('sleep 0.2'), command('sleep 0.2; exit 3')] },
      { kind: 'text', text: 'Done.' },
    ],
  });
  const run = await traced(cli, options);
  expect(run.code, run.stderr).toBe(0);
  return [run, readForwardedLines(run.forwarded)];
}

function kindOf(span: Span): string | undefined {
  return text(span.attributes, 'openinference.span.kind');
}

/** `a > b`: a span below another, those of one parent in no order; without the helpers that some CLIs ask. */
function treeOf(spans: readonly Span[]): string[] {
  const names = new Map(spans.map((span) => [hex(span.spanId), span.name ?? '']));
  return spans
    .filter((span) => text(span.attributes, 'ai_trace.call.role') !== 'utility')
    .map((span) => {
      const parent = span.parentSpanId && (names.get(hex(span.parentSpanId)) ?? 'not sent');
      const error = text(span.attributes, 'error.type');
      const name = (span.name ?? '').replace(/^chat .*/, 'chat');
      return `${parent ? `${parent} > ` : ''}${name}${error ? `: ${error}` : ''}`;
    })
    .sort();
}

function sumOf(spans: readonly Span[], key: string): number {
  return spans.reduce((sum, { attributes }) => sum + (num(attributes, key) ?? 0), 0);
}

describe.each(cliCases)('$name', (its) => {
  const { name, tool, tellsExitCode } = its;
  const turn = `invoke_agent ${agents[name]}`;

  test('has one trace for the turn and one for the session, with the figures of the receipt', async () => {
    const [{ receipt }, { ownSpans, nativeSpans, logs }] = await story(its, {}, [
      { kind: 'error', status: 500, message: 'try again' },
    ]);
    expect(nativeSpans).toEqual([]);
    expect(ownSpans.length).toBeLessThanOrEqual(15);
    expect(treeOf(ownSpans)).toEqual(
      [
        `ai-trace ${name}`,
        turn,
        `${turn} > chat`,
        `${turn} > chat`,
        // Claude tells of a repeated attempt by its number alone.
        ...(name === 'claude' ? [] : [`${turn} > chat: server`]),
        `${turn} > execute_tool ${tool}`,
        `${turn} > execute_tool ${tool}${tellsExitCode ? ': tool_error' : ''}`,
      ].sort(),
    );
    const traceIds = new Set(ownSpans.map(({ traceId }) => hex(traceId)));
    expect([...traceIds].sort()).toEqual([...receipt.trace_ids].sort());
    expect(traceIds.size).toBe(2);

    const calls = ownSpans.filter((span) => kindOf(span) === 'LLM');
    expect(sumOf(calls, 'gen_ai.usage.cost_usd')).toBeCloseTo(receipt.cost.usd, 9);
    expect(sumOf(calls, 'gen_ai.usage.input_tokens')).toBe(receipt.usage.input_tokens);
    expect(sumOf(calls, 'llm.token_count.completion')).toBe(receipt.usage.output_tokens);
    const summaries = logs.filter(({ eventName }) => eventName === 'ai_trace.session.summary');
    expect(summaries.map(({ attributes }) => num(attributes, 'ai_trace.session.cost_usd'))).toEqual([
      receipt.cost.usd,
    ]);
    expect(new Set(ownSpans.map(({ attributes }) => text(attributes, 'session.id')))).toEqual(
      new Set(receipt.session_ids),
    );
  });

  test('links a call to its tools, and a tool to the call that read its result', async () => {
    const [, { ownSpans, logs }] = await story(its);
    const ids = new Map(ownSpans.map((span) => [hex(span.spanId), span]));
    const linked = (span: Span) => span.links.map(({ spanId }) => ids.get(hex(spanId))?.name ?? 'not sent');
    const answers = ownSpans
      .filter((span) => kindOf(span) === 'LLM' && text(span.attributes, 'ai_trace.call.role') === 'main')
      .filter(({ attributes }) => text(attributes, 'error.type') === undefined)
      .sort((a, b) => Number(a.startTimeUnixNano) - Number(b.startTimeUnixNano));
    expect(answers.map(linked)).toEqual([[`execute_tool ${tool}`, `execute_tool ${tool}`], []]);
    const tools = ownSpans.filter((span) => kindOf(span) === 'TOOL');
    expect(tools.map((span) => span.links.map(({ spanId }) => hex(spanId)))).toEqual(
      tools.map(() => [hex(answers[1]?.spanId)]),
    );
    // They slept, whoever was waited for.
    for (const { startTimeUnixNano, endTimeUnixNano } of tools) {
      expect(Number(endTimeUnixNano) - Number(startTimeUnixNano)).toBeGreaterThan(190e6);
    }
    expect(logs.filter(({ spanId }) => !ids.has(hex(spanId)))).toEqual([]);
  });

  test('goes below a span from outside, with its own spans beside', async () => {
    const outside = { trace: '0af7651916cd43dd8448eb211c80319c', span: 'b7ad6b7169203331' };
    const [, { ownSpans, nativeSpans }] = await story(its, {
      own: ['--traces', 'both', '--trace-scope', 'session'],
      env: { TRACEPARENT: `00-${outside.trace}-${outside.span}-01` },
    });
    expect(nativeSpans.length).toBeGreaterThan(0);
    expect(nativeSpans.filter(({ attributes }) => text(attributes, 'session.id') === undefined)).toEqual([]);
    expect(new Set(ownSpans.map(({ traceId }) => hex(traceId)))).toEqual(new Set([outside.trace]));
    const session = ownSpans.find((span) => span.name === `ai-trace ${name}`);
    expect(hex(session?.parentSpanId)).toBe(outside.span);
    const root = ownSpans.find((span) => span.name === turn);
    expect(hex(root?.parentSpanId)).toBe(hex(session?.spanId));
  });

  test('is left out when it is not asked for or not sampled, and nothing else is', async () => {
    const [{ receipt }, { ownSpans, nativeSpans, logs, ownMetrics }] = await story(its, {
      own: ['--traces', 'both', '--sample-rate', '0'],
    });
    expect([...ownSpans, ...nativeSpans]).toEqual([]);
    expect(receipt.trace_ids).toEqual([]);
    expect(receipt.llm_calls).toBeGreaterThanOrEqual(2);
    expect(logs.length).toBeGreaterThan(5);
    expect(ownMetrics.map((metric) => metric.name)).toContain('ai_trace.cost');
  });
});
