import { describe, expect, test } from 'vitest';
import { alerts } from '../../../scripts/grafana/alerts.ts';
import { filled, panelQueries, textOf } from '../../support/grafana/dashboards.ts';
import { faultsIn } from '../../support/grafana/syntax.ts';

const values = {
  cli: '(codex|gemini-cli)',
  repository: 'git.example/team/project',
  branch: '.*',
  user: '.*',
  host: '.*',
  session: '01a1fff1-11c2-7a82-8bd9-9e5d850016cb',
};
const queries = panelQueries
  .map(({ dashboard, panel, target }) => ({ dashboard, panel, target, text: textOf(target) }))
  // That one is the id of a trace.
  .filter(({ text }) => text !== '$trace');

describe('the dashboards', () => {
  test.each(queries)('ask in $dashboard, $panel, what a parser reads', ({ target, text }) => {
    expect(faultsIn(target.datasource.type, filled(text, values))).toEqual([]);
  });

  test('ask all three stores', () => {
    expect(new Set(queries.map(({ target }) => target.datasource.type)).size).toBe(3);
  });
});

describe('the alerts', () => {
  test.each(alerts)('ask for "$title" what a parser reads, without variables of Grafana', ({ expr }) => {
    expect(faultsIn('prometheus', expr)).toEqual([]);
    expect(expr).not.toContain('$');
  });
});

describe('the parsers', () => {
  test.each([
    ['prometheus', 'sum by (job (up)'],
    ['loki', '{service_name=~"codex"} | event_name='],
    ['tempo', '{ status = error && }'],
  ] as const)('of %s refuse %s', (store, text) => {
    expect(faultsIn(store, text)).not.toEqual([]);
  });
});
