import { dashboard } from '../dashboard.ts';
import { uids } from '../names.ts';
import { bars, logs, stat, trace, type Unplaced } from '../panels.ts';
import { lastSessions } from '../sessions.ts';
import { spanFields, spanTable, traceOfRow } from '../tables.ts';
import { lokiLines, lokiSeries, lokiValue, tempoSpans, tempoTrace } from '../targets.ts';
import { smallMoney } from '../units.ts';
import { textVariable } from '../variables.ts';

const records = '{service_name=~".+"} | session_id="$session"';
const calls = `${records} | ai_trace_event_name="llm_call"`;
const withPrice = 'Codex CLI and Gemini CLI tell no cost by themselves: for them it takes ai-trace.';

const figures = [
  stat({
    title: 'Cost',
    description: withPrice,
    targets: [lokiValue(sumOf('gen_ai_usage_cost_usd'))],
    ...smallMoney,
  }),
  counted('LLM calls', 'Those that were answered.', 'ai_trace_event_name="llm_call"'),
  stat({
    title: 'Tokens in',
    description: 'With those from a cache.',
    targets: [lokiValue(sumOf('gen_ai_usage_input_tokens'))],
    unit: 'short',
  }),
  stat({
    title: 'Tokens out',
    description: 'With reasoning.',
    targets: [lokiValue(sumOf('gen_ai_usage_output_tokens'))],
    unit: 'short',
  }),
  counted(
    'Tool calls',
    'Those that were answered, by the tool or by who did not allow it.',
    'ai_trace_event_name="tool_result"',
  ),
  counted('Failures', 'Records with a class of error: attempts at LLM calls, tools.', 'error_type!=""'),
];

function sumOf(attribute: string): string {
  return `sum(sum_over_time(${calls} | unwrap ${attribute} [$__range]))`;
}

function counted(title: string, description: string, condition: string): Unplaced {
  return stat({
    title,
    description,
    targets: [lokiValue(`sum(count_over_time(${records} | ${condition} [$__range]))`)],
    unit: 'short',
    decimals: 0,
  });
}

const overTime = [
  bars({
    title: 'Cost by model',
    description: withPrice,
    targets: [
      lokiSeries(
        `sum by (gen_ai_request_model) (sum_over_time(${calls} | unwrap gen_ai_usage_cost_usd [$__interval]))`,
        '{{gen_ai_request_model}}',
      ),
    ],
    ...smallMoney,
  }),
  bars({
    title: 'What happened',
    targets: [
      lokiSeries(
        `sum by (ai_trace_event_name) (count_over_time(${records} | ai_trace_event_name!="" [$__interval]))`,
        '{{ai_trace_event_name}}',
      ),
    ],
    unit: 'short',
    decimals: 0,
  }),
];

const ofSession = 'span.session.id = "$session"';

const turns = spanTable({
  title: 'Turns',
  description: 'A click on one shows its trace below. Gemini CLI tells of turns with ai-trace only.',
  targets: [
    tempoSpans(
      `{ ${ofSession} && span.openinference.span.kind = "AGENT" } | select(span.ai_trace.turn.index, span.ai_trace.turn.cost_usd, span.error.type)`,
    ),
  ],
  columns: [
    spanFields.start,
    {
      ...spanFields.name,
      link: {
        title: 'Show its trace',
        url: `/d/${uids.session}?var-session=$session&var-trace=${traceOfRow}&\${__url_time_range}`,
      },
    },
    { field: 'ai_trace.turn.index', title: 'Turn' },
    { field: 'ai_trace.turn.cost_usd', title: 'Cost', ...smallMoney },
    { field: 'error.type', title: 'Class of error' },
    spanFields.duration,
  ],
  sortedBy: spanFields.start.title,
});

const steps = spanTable({
  title: 'LLM calls and tools',
  targets: [
    tempoSpans(
      `{ ${ofSession} && span.openinference.span.kind =~ "LLM|TOOL" } | select(span.gen_ai.usage.input_tokens, span.gen_ai.usage.output_tokens, span.gen_ai.usage.cost_usd, span.error.type)`,
    ),
  ],
  columns: [
    spanFields.start,
    spanFields.name,
    { field: 'gen_ai.usage.input_tokens', title: 'Tokens in', unit: 'short' },
    { field: 'gen_ai.usage.output_tokens', title: 'Tokens out', unit: 'short' },
    { field: 'gen_ai.usage.cost_usd', title: 'Cost', ...smallMoney },
    { field: 'error.type', title: 'Class of error' },
    spanFields.duration,
  ],
  sortedBy: spanFields.start.title,
});

const log = logs({
  title: 'Log',
  description: 'All that the CLI said. Open a record for its attributes and the way to its trace.',
  targets: [
    lokiLines(
      `${records} | line_format \`{{.ai_trace_event_name}} {{.gen_ai_request_model}}{{.gen_ai_tool_name}} {{.error_type}} ({{__line__}})\``,
      1000,
    ),
  ],
});

export const oneSession = dashboard({
  uid: uids.session,
  title: 'ai-trace: one session',
  description: 'What happened in one session: figures, turns, trace, log.',
  variables: [textVariable('session', 'Session'), textVariable('trace', 'Trace')],
  from: 'now-24h',
  sections: [
    {
      title: 'Session $session',
      lines: [
        { height: 4, panels: figures },
        { height: 7, panels: overTime },
      ],
    },
    {
      title: 'Turns',
      lines: [
        { height: 7, panels: [turns, steps] },
        {
          height: 14,
          panels: [
            trace({
              title: 'Trace',
              description: 'Of the turn that was chosen above.',
              targets: [tempoTrace('$trace')],
            }),
          ],
        },
      ],
    },
    { title: 'Log', lines: [{ height: 12, panels: [log] }] },
    { title: 'Other sessions', lines: [{ height: 9, panels: [lastSessions('.+')] }] },
  ],
});
