import { type VariableModel, VariableRefresh, VariableSort } from '@grafana/schema';
import { clis } from '../../src/providers/clis.ts';
import { metrics } from './metrics.ts';
import { sources } from './targets.ts';

const names = Object.values(clis).map(({ serviceName }) => serviceName);
const all = { text: 'All', value: '$__all' };

/** Which data sources the dashboard asks: those of `datasources.yaml` unless others are chosen. */
export const sourceVariables: readonly VariableModel[] = [
  source('prometheus', 'Prometheus'),
  source('loki', 'Loki'),
  source('tempo', 'Tempo'),
];

function source(type: keyof typeof sources, text: string): VariableModel {
  return { name: type, label: text, type: 'datasource', query: type, current: { text, value: type } };
}

/** `$cli`, a regular expression of names of services. */
export const cliVariable: VariableModel = {
  name: 'cli',
  label: 'CLI',
  type: 'custom',
  query: names.join(','),
  options: [all, ...names.map((name) => ({ text: name, value: name }))],
  current: all,
  multi: true,
  includeAll: true,
  allValue: `(${names.join('|')})`,
};

/** What ai-trace tells of where a session ran: `$repository` and others, each a regular expression. Without a value it matches too. */
export const placeVariables = {
  repository: place('repository', 'Repository', 'vcs_repository_name'),
  branch: place('branch', 'Branch', 'vcs_ref_head_name'),
  user: place('user', 'User', 'user_name'),
  host: place('host', 'Host', 'host_name'),
};

function place(name: string, label: string, of: string): VariableModel {
  return {
    name,
    label,
    type: 'query',
    datasource: sources.prometheus,
    query: { qryType: 1, query: `label_values(${metrics.sessions},${of})`, refId: name },
    current: all,
    multi: true,
    includeAll: true,
    allValue: '.*',
    refresh: VariableRefresh.onTimeRangeChanged,
    sort: VariableSort.alphabeticalAsc,
  };
}

/** A variable that a link sets, or a person types. */
export function textVariable(name: string, label: string): VariableModel {
  return { name, label, type: 'textbox', query: '', current: { text: '', value: '' } };
}
