import { dashboard } from '../dashboard.ts';
import { byModel, failedShare, metrics, total } from '../metrics.ts';
import { aiTraceOnly, uids } from '../names.ts';
import { bars, lines, logs, stat } from '../panels.ts';
import { sessionColumn } from '../sessions.ts';
import { spanFields, spanTable, valueField, valueTable } from '../tables.ts';
import { lokiLines, lokiValue, promColumn, promSeries, promValue, tempoSpans } from '../targets.ts';
import { count, share } from '../units.ts';
import { cliVariable, placeVariables } from '../variables.ts';

const chosen = ['job=~"ai-trace/$cli"', 'vcs_repository_name=~"$repository"'];
const failedTools = [...chosen, 'error_type!=""'];
const chosenLogs = '{service_name=~"$cli"} | vcs_repository_name=~"$repository"';

const figures = [
  stat({
    title: 'Failed attempts',
    description: `${aiTraceOnly} At LLM calls; a retry may have succeeded.`,
    targets: [promValue(total(metrics.errors, chosen, '$__range'))],
    ...count,
  }),
  stat({
    title: 'Share of all attempts',
    description: aiTraceOnly,
    targets: [promValue(failedShare(chosen, '$__range'))],
    ...share,
  }),
  stat({
    title: 'Failed tools',
    description: aiTraceOnly,
    targets: [promValue(total(`${metrics.tool}_count`, failedTools, '$__range'))],
    ...count,
  }),
  stat({
    title: 'Failed sessions',
    description: `${aiTraceOnly} Those whose CLI ended with an error or by a signal.`,
    targets: [
      lokiValue(
        `sum(count_over_time(${chosenLogs} | ai_trace_event_name="session_summary" | severity_text="ERROR" [$__range]))`,
      ),
    ],
    ...count,
  }),
];

const overTime = [
  bars({
    title: 'Failed attempts by class',
    description: aiTraceOnly,
    targets: [
      promSeries(total(metrics.errors, chosen, '$__interval', ['error_type']), '{{error_type}}', {
        exemplar: true,
      }),
    ],
    ...count,
  }),
  lines({
    title: 'Share of failed attempts by CLI',
    description: aiTraceOnly,
    targets: [promSeries(failedShare(chosen, '$__interval', ['job']), '{{job}}')],
    ...share,
  }),
  bars({
    title: 'Failed tools',
    description: aiTraceOnly,
    targets: [
      promSeries(
        total(`${metrics.tool}_count`, failedTools, '$__interval', ['gen_ai_tool_name']),
        '{{gen_ai_tool_name}}',
      ),
    ],
    ...count,
  }),
];

const models = valueTable({
  title: 'Models',
  description: aiTraceOnly,
  targets: [
    promColumn('failed', total(metrics.errors, chosen, '$__range', byModel)),
    promColumn('share', failedShare(chosen, '$__range', byModel)),
  ],
  columns: [
    { field: 'job', title: 'CLI' },
    { field: 'gen_ai_request_model', title: 'Model' },
    { field: valueField('failed'), title: 'Failed attempts', ...count },
    { field: valueField('share'), title: 'Share', ...share },
  ],
  sortedBy: 'Failed attempts',
});

const failures = spanTable({
  title: 'Last failures',
  description: 'LLM calls and tools. A click on a span shows its trace.',
  targets: [
    tempoSpans(
      '{ resource.service.name =~ "$cli" && status = error && span.openinference.span.kind =~ "LLM|TOOL" } | select(span.session.id, span.error.type, span.http.response.status_code)',
    ),
  ],
  columns: [
    spanFields.start,
    spanFields.service,
    { field: 'Span ID', title: 'Trace' },
    spanFields.name,
    { field: 'error.type', title: 'Class' },
    { field: 'http.response.status_code', title: 'HTTP' },
    spanFields.duration,
    sessionColumn,
  ],
  sortedBy: spanFields.start.title,
});

const log = logs({
  title: 'What the CLIs logged',
  description: 'Records with a class of error. Open one for the way to its trace.',
  targets: [
    lokiLines(
      `${chosenLogs} | error_type!="" | line_format \`{{.service_name}} {{.ai_trace_event_name}}: {{.error_type}} {{.gen_ai_request_model}}{{.gen_ai_tool_name}}\``,
      200,
    ),
  ],
});

export const errors = dashboard({
  uid: uids.errors,
  title: 'ai-trace: errors',
  description: 'What failed: attempts at LLM calls, tools, sessions.',
  variables: [cliVariable, placeVariables.repository],
  from: 'now-24h',
  sections: [
    { title: 'In all', lines: [{ height: 4, panels: figures }] },
    {
      title: 'Over time',
      lines: [
        { height: 8, panels: overTime },
        { height: 6, panels: [models] },
      ],
    },
    {
      title: 'One by one',
      lines: [
        { height: 9, panels: [failures] },
        { height: 9, panels: [log] },
      ],
    },
  ],
});
