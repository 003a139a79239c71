/** The shipped alerts, read by the library that Grafana reads them with, and raised by a real Prometheus. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { getJson } from '../support/backends/program.ts';
import { query, startPrometheus } from '../support/backends/prometheus.ts';
import { readYaml } from '../support/backends/yaml.ts';
import { type MadeUpRun, sendRuns } from '../support/grafana/made-up-runs.ts';

const folder = fileURLToPath(new URL('../../templates/grafana/', import.meta.url));
const rulesFile = `${folder}prometheus-rules.yaml`;

const prometheus = inject('prometheus');
const hasGo = spawnSync('go', ['version']).status === 0;

interface Rule {
  alert: string;
  expr: string;
}

interface GrafanaRule {
  uid: string;
  condition: string;
  data: { refId: string; datasourceUid: string; model: { expr?: string; expression?: string } }[];
}

describe.skipIf(!hasGo && !process.env['CI'])('the alerts for Grafana', () => {
  const rules = () =>
    readYaml<{ groups: { rules: GrafanaRule[] }[] }>(`${folder}alerts/ai-trace.yaml`).groups.flatMap(
      (group) => group.rules,
    );

  test('ask a data source that is there, and compare what it answers', () => {
    const { datasources } = readYaml<{ datasources: { uid: string }[] }>(`${folder}datasources.yaml`);
    const known = ['__expr__', ...datasources.map(({ uid }) => uid)];
    for (const { uid, condition, data } of rules()) {
      // What Grafana takes for a uid.
      expect(uid).toMatch(/^[\w-]{1,40}$/);
      const refIds = data.map(({ refId }) => refId);
      expect(refIds).toContain(condition);
      for (const { datasourceUid, model } of data) {
        expect(known).toContain(datasourceUid);
        if (model.expression !== undefined) expect(refIds).toContain(model.expression);
      }
    }
  });

  test('are those for Prometheus', () => {
    const { groups } = readYaml<{ groups: { rules: Rule[] }[] }>(rulesFile);
    const exprs = rules().flatMap(({ data }) => data.flatMap(({ model }) => model.expr ?? []));
    const others = groups.flatMap((group) => group.rules.map(({ expr }) => expr));
    expect(others).toEqual(exprs.map((expr) => expect.stringContaining(`(${expr}) > `)));
    expect(others).toHaveLength(3);
  });
});

describe.skipIf(!prometheus)('Prometheus, with the shipped rules,', () => {
  const hour = 3600;
  const calls = { answered: 12, failed: 0 };
  const cases: { what: string; runs: MadeUpRun[]; raised: string[] }[] = [
    { what: 'nothing, on a quiet day', runs: [{ cost: 5, answered: 12, failed: 1 }], raised: [] },
    {
      what: 'the spend of an hour, of many runs together',
      runs: [
        { cost: 8, ...calls },
        { cost: 8, ...calls },
        { cost: 8, ...calls },
      ],
      raised: ['AiTraceSpendPerHour'],
    },
    { what: 'the spend of one run', runs: [{ cost: 11, ...calls }], raised: ['AiTraceSpendOfOneSession'] },
    {
      what: 'nothing of what was spent long ago',
      runs: [{ cost: 31, before: { cost: 30, secondsAgo: 3 * hour }, ...calls }],
      raised: [],
    },
    {
      what: 'the error rate of a CLI',
      runs: [{ cost: 1, answered: 8, failed: 4 }],
      raised: ['AiTraceErrorRate'],
    },
    { what: 'nothing of few attempts', runs: [{ cost: 1, answered: 2, failed: 4 }], raised: [] },
    {
      what: 'the error rate where nothing is answered',
      runs: [{ cost: 0, answered: 0, failed: 10 }],
      raised: ['AiTraceErrorRate'],
    },
  ];

  test.each(cases)('raises $what', async ({ runs, raised }) => {
    const store = await startPrometheus(prometheus ?? '', { rule_files: [rulesFile] });
    onTestFinished(() => store.remove());
    await sendRuns(store.url, runs);
    const rules = new URL('/api/v1/rules', store.url);
    const { data } = await getJson<{ data: { groups: { rules: { name: string; query: string }[] }[] } }>(
      rules,
    );
    const found: string[] = [];
    for (const rule of data.groups.flatMap((group) => group.rules)) {
      if ((await query(store.url, rule.query)).length > 0) found.push(rule.name);
    }
    expect(found).toEqual(raised);
  });
});
