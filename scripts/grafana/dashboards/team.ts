import { dashboard } from '../dashboard.ts';
import { failedShare, metrics, total } from '../metrics.ts';
import { aiTraceOnly, uids } from '../names.ts';
import { bars, stat, type Unplaced } from '../panels.ts';
import { valueField, valueTable } from '../tables.ts';
import { promColumn, promSeries, promValue } from '../targets.ts';
import { count, money } from '../units.ts';
import { cliVariable, placeVariables } from '../variables.ts';

const chosen = [
  'job=~"ai-trace/$cli"',
  'vcs_repository_name=~"$repository"',
  'user_name=~"$user"',
  'host_name=~"$host"',
];
const inRange = (metric: string, by: readonly string[] = []) => total(metric, chosen, '$__range', by);
const told = `${aiTraceOnly} Users and hosts are known of those that ran with --attribution repository,host,user.`;

const figures = [
  stat({ title: 'Cost', description: aiTraceOnly, targets: [promValue(inRange(metrics.cost))], ...money }),
  distinct('Users', 'user_name'),
  distinct('Hosts', 'host_name'),
  distinct('Repositories', 'vcs_repository_name'),
  stat({
    title: 'Cost by user, on average',
    description: told,
    targets: [promValue(`avg(${inRange(metrics.cost, ['user_name'])})`)],
    ...money,
  }),
];

function distinct(title: string, label: string): Unplaced {
  return stat({
    title,
    description: told,
    targets: [
      promValue(`count(${total(metrics.sessions, [...chosen, `${label}!=""`], '$__range', [label])})`),
    ],
    ...count,
  });
}

function costOverTime(title: string, label: string): Unplaced {
  return bars({
    title,
    description: told,
    targets: [promSeries(total(metrics.cost, chosen, '$__interval', [label]), `{{${label}}}`)],
    ...money,
  });
}

function ranked(title: string, column: string, label: string): Unplaced {
  return valueTable({
    title,
    description: told,
    targets: [
      promColumn('cost', inRange(metrics.cost, [label])),
      promColumn('sessions', inRange(metrics.sessions, [label])),
      promColumn('tokens', inRange(metrics.tokens, [label])),
      promColumn('failed', failedShare(chosen, '$__range', [label])),
    ],
    columns: [
      { field: label, title: column },
      { field: valueField('cost'), title: 'Cost', ...money },
      { field: valueField('sessions'), title: 'Sessions', ...count },
      { field: valueField('tokens'), title: 'Tokens', unit: 'short' },
      { field: valueField('failed'), title: 'Failed attempts', unit: 'percentunit' },
    ],
    sortedBy: 'Cost',
  });
}

export const team = dashboard({
  uid: uids.team,
  title: 'ai-trace: team',
  description: 'Cost, tokens and sessions by user, host and repository.',
  variables: [cliVariable, placeVariables.repository, placeVariables.user, placeVariables.host],
  from: 'now-7d',
  sections: [
    { title: 'In all', lines: [{ height: 4, panels: figures }] },
    {
      title: 'By user',
      lines: [
        {
          height: 8,
          panels: [costOverTime('Cost by user', 'user_name'), ranked('Users', 'User', 'user_name')],
        },
      ],
    },
    {
      title: 'By repository',
      lines: [
        {
          height: 8,
          panels: [
            costOverTime('Cost by repository', 'vcs_repository_name'),
            ranked('Repositories', 'Repository', 'vcs_repository_name'),
          ],
        },
      ],
    },
    {
      title: 'By host',
      lines: [
        {
          height: 8,
          panels: [costOverTime('Cost by host', 'host_name'), ranked('Hosts', 'Host', 'host_name')],
        },
      ],
    },
  ],
});
