import { dashboard } from '../dashboard.ts';
import { byModel, metrics, quantile, total } from '../metrics.ts';
import { aiTraceOnly, uids } from '../names.ts';
import { bars, heatmap, lines, ranking } from '../panels.ts';
import { sessionColumn } from '../sessions.ts';
import { spanFields, spanTable, valueField, valueTable } from '../tables.ts';
import { lokiValue, promColumn, promSeries, tempoSpans } from '../targets.ts';
import { count, seconds } from '../units.ts';
import { cliVariable, placeVariables } from '../variables.ts';

const chosen = ['job=~"ai-trace/$cli"', 'vcs_repository_name=~"$repository"'];
const answered = [...chosen, 'error_type=""'];

const llmTime = lines({
  title: 'LLM calls: time',
  description: `${aiTraceOnly} Those that were answered. Half of them were faster than p50, all but a twentieth faster than p95. Points lead to traces.`,
  targets: [
    promSeries(quantile(0.5, metrics.llm, answered, '$__interval', ['job']), 'p50 {{job}}', { refId: 'p50' }),
    promSeries(quantile(0.95, metrics.llm, answered, '$__interval', ['job']), 'p95 {{job}}', {
      refId: 'p95',
      exemplar: true,
    }),
  ],
  ...seconds,
});

const llmHeat = heatmap({
  title: 'LLM calls: how many took how long',
  description: aiTraceOnly,
  targets: [
    promSeries(total(`${metrics.llm}_bucket`, answered, '$__interval', ['le']), '{{le}}', {
      format: 'heatmap',
    }),
  ],
  ...seconds,
});

const models = valueTable({
  title: 'Models',
  description: `${aiTraceOnly} LLM calls that were answered.`,
  targets: [
    promColumn('calls', total(`${metrics.llm}_count`, answered, '$__range', byModel)),
    promColumn('p50', quantile(0.5, metrics.llm, answered, '$__range', byModel)),
    promColumn('p95', quantile(0.95, metrics.llm, answered, '$__range', byModel)),
    promColumn('sum', total(`${metrics.llm}_sum`, answered, '$__range', byModel)),
  ],
  columns: [
    { field: 'job', title: 'CLI' },
    { field: 'gen_ai_request_model', title: 'Model' },
    { field: valueField('calls'), title: 'LLM calls', ...count },
    { field: valueField('p50'), title: 'p50', ...seconds },
    { field: valueField('p95'), title: 'p95', ...seconds },
    { field: valueField('sum'), title: 'Together', ...seconds },
  ],
  sortedBy: 'Together',
});

const whereTimeGoes = ranking({
  title: 'Where the time goes',
  description: `${aiTraceOnly} Those that have ended. What ran at once is counted once.`,
  targets: ['llm', 'tool', 'waiting'].map((what) =>
    lokiValue(timeOf(what), `${what} {{service_name}}`, what),
  ),
  unit: 'ms',
});

function timeOf(what: string): string {
  return `sum by (service_name) (sum_over_time({service_name=~"$cli"} | vcs_repository_name=~"$repository" | ai_trace_event_name="session_summary" | unwrap ai_trace_session_${what}_ms [$__range]))`;
}

const toolTime = lines({
  title: 'Tools: time, p95',
  description: `${aiTraceOnly} Without the wait for approval. Points lead to traces.`,
  targets: [
    promSeries(
      quantile(0.95, metrics.tool, chosen, '$__interval', ['gen_ai_tool_name']),
      '{{gen_ai_tool_name}}',
      { exemplar: true },
    ),
  ],
  ...seconds,
});

const toolCalls = bars({
  title: 'Tool calls',
  description: aiTraceOnly,
  targets: [
    promSeries(
      total(`${metrics.tool}_count`, chosen, '$__interval', ['gen_ai_tool_name']),
      '{{gen_ai_tool_name}}',
    ),
  ],
  ...count,
});

const byTool = ['job', 'gen_ai_tool_name'];
const tools = valueTable({
  title: 'Tools',
  description: aiTraceOnly,
  targets: [
    promColumn('calls', total(`${metrics.tool}_count`, chosen, '$__range', byTool)),
    promColumn('failed', total(`${metrics.tool}_count`, [...chosen, 'error_type!=""'], '$__range', byTool)),
    promColumn('p50', quantile(0.5, metrics.tool, chosen, '$__range', byTool)),
    promColumn('p95', quantile(0.95, metrics.tool, chosen, '$__range', byTool)),
    promColumn('sum', total(`${metrics.tool}_sum`, chosen, '$__range', byTool)),
  ],
  columns: [
    { field: 'job', title: 'CLI' },
    { field: 'gen_ai_tool_name', title: 'Tool' },
    { field: valueField('calls'), title: 'Calls', ...count },
    { field: valueField('failed'), title: 'Failed', ...count },
    { field: valueField('p50'), title: 'p50', ...seconds },
    { field: valueField('p95'), title: 'p95', ...seconds },
    { field: valueField('sum'), title: 'Together', ...seconds },
  ],
  sortedBy: 'Together',
});

const longest = spanTable({
  title: 'Tool calls, longest first',
  description: 'Of the newest hundred traces with tools. A click on a span shows its trace.',
  targets: [
    tempoSpans(
      '{ resource.service.name =~ "$cli" && span.openinference.span.kind = "TOOL" } | select(span.session.id, span.gen_ai.tool.name, span.error.type)',
    ),
  ],
  columns: [
    spanFields.start,
    spanFields.service,
    { field: 'Span ID', title: 'Trace' },
    { field: 'gen_ai.tool.name', title: 'Tool' },
    { field: 'error.type', title: 'Class of error' },
    spanFields.duration,
    sessionColumn,
  ],
  sortedBy: spanFields.duration.title,
});

export const toolsAndLatency = dashboard({
  uid: uids.tools,
  title: 'ai-trace: tools and latency',
  description: 'How long models and tools take, and which tools are used.',
  variables: [cliVariable, placeVariables.repository],
  from: 'now-24h',
  sections: [
    {
      title: 'Models',
      lines: [
        { height: 8, panels: [llmTime, llmHeat] },
        { height: 7, panels: [models, whereTimeGoes] },
      ],
    },
    {
      title: 'Tools',
      lines: [
        { height: 8, panels: [toolTime, toolCalls] },
        { height: 8, panels: [tools] },
        { height: 9, panels: [longest] },
      ],
    },
  ],
});
