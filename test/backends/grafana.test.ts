/** Every panel of every shipped dashboard, asked of the real stores that a shipped Alloy has filled with real sessions. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Target } from '../../scripts/grafana/targets.ts';
import { clis } from '../../src/providers/clis.ts';
import { findLogs } from '../support/backends/loki.ts';
import type { Program } from '../support/backends/program.ts';
import { exemplars, query } from '../support/backends/prometheus.ts';
import { readYaml } from '../support/backends/yaml.ts';
import { cliCases } from '../support/cli-cases.ts';
import { arrival } from '../support/grafana/arrival.ts';
import { ask } from '../support/grafana/ask.ts';
import { dashboards, type PanelQuery, panelQueries } from '../support/grafana/dashboards.ts';
import { type FilledStores, fillStores, project, type Sessions } from '../support/grafana/filled-stores.ts';

const alloy = inject('alloy');
const prometheus = inject('prometheus');
const loki = inject('loki');
const tempo = inject('tempo');

const asked = panelQueries.map((each) => ({
  ...each,
  title: titleOf(each),
  of: each.target.datasource.type,
}));
const ofTempo = asked.filter(({ of }) => of === 'tempo');
const ofOthers = asked.filter(({ of }) => of !== 'tempo');

describe.skipIf(!alloy || !prometheus || !loki)('the dashboards', () => {
  const started: Program[] = [];
  let filled: FilledStores;
  beforeAll(async () => {
    if (!alloy || !prometheus || !loki) throw new Error('a program is missing');
    filled = await fillStores({ alloy, prometheus, loki, tempo }, started);
    await arrival(filled);
  }, 600_000);
  afterAll(async () => {
    for (const program of started) await program.remove();
  }, 120_000);

  test('show the CLIs together', async () => {
    const receipts = Object.values(filled.sessions).flatMap(({ answered, refused }) => [answered, refused]);
    const usd = sum(receipts.map(({ cost }) => cost.usd));
    const panels = ['Cost', 'Sessions'].map((panel) => panelOf('overview', panel));
    const figures = await Promise.all(panels.map((target) => ask(filled.urls, target, allOf('overview'))));
    expect(figures.map(sum)).toEqual([expect.closeTo(usd, 9), receipts.length]);
  });

  describe.each(cliCases)('of $name', ({ name }) => {
    const { serviceName } = clis[name];

    test.each(ofOthers)('show something in $title', async ({ target }) => {
      expect((await found(target)).length).toBeGreaterThan(0);
    });

    test.skipIf(!tempo).each(ofTempo)('show something in $title', async ({ target }) => {
      expect((await found(target)).length).toBeGreaterThan(0);
    });

    test('show the figures of the receipts, also added up over time', async () => {
      const { answered, refused } = sessions();
      const both = [answered, refused];
      const costs = sum(both.map(({ cost }) => cost.usd));
      const tokens = sum(both.map(({ usage }) => usage.input_tokens + usage.output_tokens));
      const calls = sum(both.map(({ llm_calls }) => llm_calls));
      const errors = sum(both.map((receipt) => receipt.errors.total));
      const money = await shown('overview', ['Cost', 'Cost by CLI', 'Cost by model', 'Cost by role']);
      expect(money).toEqual(money.map(() => expect.closeTo(costs, 9)));
      const counts = ['Tokens', 'Tokens by type', 'Sessions', 'Sessions by CLI', 'LLM calls'];
      expect(await shown('overview', counts)).toEqual([tokens, tokens, 2, 2, calls]);
      expect(await shown('errors', ['Failed attempts', 'Failed sessions'])).toEqual([errors, 1]);
      const [share] = await shown('overview', ['Failed attempts']);
      expect(share).toBeCloseTo(errors / (errors + calls), 9);
    });

    test.skipIf(!tempo)('list its sessions and what failed in them', async () => {
      const both = [sessions().answered, sessions().refused];
      const failures = both.flatMap(({ errors, tools }) => [
        errors.total,
        ...tools.map((tool) => tool.failures),
      ]);
      expect(await shown('overview', ['Last sessions'])).toEqual([both.length]);
      expect(await shown('errors', ['Last failures'])).toEqual([sum(failures)]);
    });

    test('show the figures of one session', async () => {
      const { cost, usage, llm_calls, tool_calls } = sessions().answered;
      const panels = ['Cost', 'Cost by model', 'Tokens in', 'Tokens out', 'LLM calls', 'Tool calls'];
      expect(await shown('session', panels)).toEqual([
        ...[cost.usd, cost.usd].map((usd) => expect.closeTo(usd, 9)),
        ...[usage.input_tokens, usage.output_tokens, llm_calls, tool_calls],
      ]);
    });

    test('show a session that the CLI told of by itself', async () => {
      const panels = ['LLM calls', 'Tokens in', 'Tokens out', 'Tool calls', 'What happened', 'Log'];
      const ofTraces = tempo ? ['LLM calls and tools'] : [];
      const session = sessions().native;
      for (const panel of [...panels, ...ofTraces]) {
        const figures = await found(panelOf('session', panel), { session });
        expect(figures.length, panel).toBeGreaterThan(0);
      }
    });

    test('lead from a point to its trace', async () => {
      const { answered, refused } = sessions();
      const selector = `{__name__=~"ai_trace_.+",job="ai-trace/${serviceName}"}`;
      const traceIds = [...answered.trace_ids, ...refused.trace_ids];
      const points = await exemplars(filled.urls.prometheus, selector);
      expect(points.length).toBeGreaterThan(0);
      for (const { labels } of points) {
        expect(traceIds).toContain(labels['trace_id']);
      }
    });

    test('and the data sources from a span to its logs and its metrics', async () => {
      const { session_ids, run_id, cost, usage } = sessions().answered;
      const { logs, metrics } = correlations();
      const lines = logs
        .replace(/\$\{__tags\}/, `service_name="${serviceName}"`)
        .replace(/\$\{__span\.tags\["session\.id"\]\}/, session_ids[0] ?? '');
      expect((await findLogs(filled.urls.loki, lines)).length).toBeGreaterThan(0);
      const totals = metrics.map(async (each) => {
        const text = each.replace(/\$\{__tags\}/, `instance="${run_id}"`);
        return sum((await query(filled.urls.prometheus, text)).map(({ value }) => value));
      });
      expect(await Promise.all(totals)).toEqual([
        expect.closeTo(cost.usd, 9),
        usage.input_tokens + usage.output_tokens,
      ]);
    });

    function sessions(): Sessions {
      return filled.sessions[name];
    }

    function shown(dashboard: string, panels: readonly string[]): Promise<number[]> {
      return Promise.all(panels.map(async (panel) => sum(await found(panelOf(dashboard, panel)))));
    }

    function found(target: Target, other: Readonly<Record<string, string>> = {}): Promise<number[]> {
      const { answered } = sessions();
      return ask(filled.urls, target, {
        cli: serviceName,
        repository: project.repository,
        branch: project.branch,
        user: project.user,
        host: '.*',
        session: answered.session_ids[0] ?? '',
        trace: answered.trace_ids[0] ?? '',
        ...other,
      });
    }
  });
});

/** What `$name` stands for where a reader has chosen "All". */
function allOf(dashboard: string): Record<string, string> {
  const variables = dashboards[dashboard]?.templating?.list ?? [];
  return Object.fromEntries(variables.map(({ name, allValue = '' }) => [name, allValue]));
}

function titleOf({ dashboard, panel, target }: PanelQuery): string {
  return `${dashboard}: ${panel} (${target.refId})`;
}

function panelOf(dashboard: string, panel: string): Target {
  const [query] = panelQueries.filter((each) => each.dashboard === dashboard && each.panel === panel);
  if (!query) throw new Error(`${dashboard} has no panel "${panel}"`);
  return query.target;
}

function sum(figures: readonly number[]): number {
  return figures.reduce((all, figure) => all + figure, 0);
}

/** From a span to its logs and to its metrics, in the words of datasources.yaml. */
function correlations(): { logs: string; metrics: string[] } {
  const path = fileURLToPath(new URL('../../templates/grafana/datasources.yaml', import.meta.url));
  const { datasources } = readYaml<{ datasources: { uid: string; jsonData: TempoOptions }[] }>(path);
  const tempo = datasources.find(({ uid }) => uid === 'tempo');
  if (!tempo) throw new Error('no Tempo');
  const { tracesToLogsV2, tracesToMetrics } = tempo.jsonData;
  // What a file doubles, so that it is no variable of the environment.
  const once = (text: string) => text.replaceAll('$$', '$');
  return {
    logs: once(tracesToLogsV2.query),
    metrics: tracesToMetrics.queries.map(({ query }) => once(query)),
  };
}

interface TempoOptions {
  tracesToLogsV2: { query: string };
  tracesToMetrics: { queries: { query: string }[] };
}
