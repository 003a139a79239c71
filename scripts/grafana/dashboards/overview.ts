import { dashboard } from '../dashboard.ts';
import { byModel, failedShare, metrics, total } from '../metrics.ts';
import { aiTraceOnly, uids } from '../names.ts';
import { bars, ranking, stat } from '../panels.ts';
import { lastSessions } from '../sessions.ts';
import { valueField, valueTable } from '../tables.ts';
import { promColumn, promSeries, promValue } from '../targets.ts';
import { count, money } from '../units.ts';
import { cliVariable, placeVariables } from '../variables.ts';

const chosen = ['job=~"ai-trace/$cli"', 'vcs_repository_name=~"$repository"', 'vcs_ref_head_name=~"$branch"'];
const inRange = (metric: string, by: readonly string[] = [], ...more: string[]) =>
  total(metric, [...chosen, ...more], '$__range', by);
const eachTime = (metric: string, by: readonly string[]) => total(metric, chosen, '$__interval', by);

const figures = [
  stat({
    title: 'Cost',
    description: `${aiTraceOnly} What the LLM calls cost, or would cost at list prices where a subscription pays.`,
    targets: [promValue(inRange(metrics.cost))],
    ...money,
  }),
  stat({
    title: 'Sessions',
    description: aiTraceOnly,
    targets: [promValue(inRange(metrics.sessions))],
    ...count,
  }),
  stat({
    title: 'LLM calls',
    description: `${aiTraceOnly} Those that were answered.`,
    targets: [promValue(inRange(`${metrics.llm}_count`, [], 'error_type=""'))],
    ...count,
  }),
  stat({
    title: 'Tokens',
    description: `${aiTraceOnly} In and out, with those from a cache.`,
    targets: [promValue(inRange(metrics.tokens))],
    unit: 'short',
  }),
  stat({
    title: 'Input from cache',
    description: `${aiTraceOnly} Tokens read from a cache, as a share of all that went in.`,
    targets: [
      promValue(
        `${inRange(metrics.tokens, [], 'gen_ai_token_type="cache_read"')} / ${inRange(metrics.tokens, [], 'gen_ai_token_type=~"input|cache_.+"')}`,
      ),
    ],
    unit: 'percentunit',
  }),
  stat({
    title: 'Failed attempts',
    description: `${aiTraceOnly} As a share of all attempts at LLM calls; a retry may have succeeded.`,
    targets: [promValue(failedShare(chosen, '$__range'))],
    unit: 'percentunit',
  }),
];

const overTime = [
  bars({
    title: 'Cost by CLI',
    description: aiTraceOnly,
    targets: [promSeries(eachTime(metrics.cost, ['job']), '{{job}}', { exemplar: true })],
    ...money,
  }),
  bars({
    title: 'Tokens by type',
    description: `${aiTraceOnly} Each token is of one type: input is what came from no cache, output is what was no reasoning.`,
    targets: [promSeries(eachTime(metrics.tokens, ['gen_ai_token_type']), '{{gen_ai_token_type}}')],
    unit: 'short',
  }),
  bars({
    title: 'Sessions by CLI',
    description: `${aiTraceOnly} When they began.`,
    targets: [promSeries(eachTime(metrics.sessions, ['job']), '{{job}}')],
    ...count,
  }),
];

const rankings = [
  ranking({
    title: 'Cost by model',
    description: aiTraceOnly,
    targets: [promValue(inRange(metrics.cost, ['gen_ai_request_model']), '{{gen_ai_request_model}}')],
    ...money,
  }),
  ranking({
    title: 'Cost by who pays',
    description: `${aiTraceOnly} api: by token. subscription: nothing of it is on a bill.`,
    targets: [promValue(inRange(metrics.cost, ['ai_trace_cost_billing']), '{{ai_trace_cost_billing}}')],
    ...money,
  }),
  ranking({
    title: 'Cost by role',
    description: `${aiTraceOnly} main: what was asked. subagent: by agents that it started. utility: titles, routers, summaries.`,
    targets: [promValue(inRange(metrics.cost, ['ai_trace_call_role']), '{{ai_trace_call_role}}')],
    ...money,
  }),
];

const models = valueTable({
  title: 'Models',
  description: aiTraceOnly,
  targets: [
    promColumn('cost', inRange(metrics.cost, byModel)),
    promColumn('calls', inRange(`${metrics.llm}_count`, byModel, 'error_type=""')),
    promColumn('in', inRange(metrics.tokens, byModel, 'gen_ai_token_type=~"input|cache_.+"')),
    promColumn('out', inRange(metrics.tokens, byModel, 'gen_ai_token_type=~"output|reasoning"')),
    promColumn('failed', failedShare(chosen, '$__range', byModel)),
  ],
  columns: [
    { field: 'job', title: 'CLI' },
    { field: 'gen_ai_request_model', title: 'Model' },
    { field: valueField('cost'), title: 'Cost', ...money },
    { field: valueField('calls'), title: 'LLM calls', ...count },
    { field: valueField('in'), title: 'Tokens in', unit: 'short' },
    { field: valueField('out'), title: 'Tokens out', unit: 'short' },
    { field: valueField('failed'), title: 'Failed attempts', unit: 'percentunit' },
  ],
  sortedBy: 'Cost',
});

const byPlace = ['vcs_repository_name', 'vcs_ref_head_name'];
const places = valueTable({
  title: 'Repositories and branches',
  description: `${aiTraceOnly} Where git knows a repository and ai-trace was not told to keep it to itself.`,
  targets: [
    promColumn('cost', inRange(metrics.cost, byPlace)),
    promColumn('sessions', inRange(metrics.sessions, byPlace)),
    promColumn('tokens', inRange(metrics.tokens, byPlace)),
  ],
  columns: [
    { field: 'vcs_repository_name', title: 'Repository' },
    { field: 'vcs_ref_head_name', title: 'Branch' },
    { field: valueField('cost'), title: 'Cost', ...money },
    { field: valueField('sessions'), title: 'Sessions', ...count },
    { field: valueField('tokens'), title: 'Tokens', unit: 'short' },
  ],
  sortedBy: 'Cost',
});

export const overview = dashboard({
  uid: uids.overview,
  title: 'ai-trace: overview',
  description: 'Cost, tokens and sessions of coding agents, by CLI, model, repository and branch.',
  variables: [cliVariable, placeVariables.repository, placeVariables.branch],
  from: 'now-24h',
  sections: [
    { title: 'In all', lines: [{ height: 4, panels: figures }] },
    {
      title: 'Over time',
      lines: [{ height: 8, panels: overTime }],
    },
    {
      title: 'By model and place',
      lines: [
        { height: 6, panels: rankings },
        { height: 8, panels: [models, places] },
      ],
    },
    { title: 'Sessions', lines: [{ height: 9, panels: [lastSessions('$cli')] }] },
  ],
});
