/** TraceQL finds nothing, without an error, where it names an attribute that no span has. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Resource } from '../../../src/otlp/types.ts';
import { enrichResource } from '../../../src/pipeline/enrich.ts';
import { providers } from '../../../src/providers/index.ts';
import { totalsOf } from '../../../src/session/totals.ts';
import { cliCases } from '../../support/cli-cases.ts';
import { panelQueries, textOf } from '../../support/grafana/dashboards.ts';
import { attributesIn } from '../../support/grafana/syntax.ts';
import { replay } from '../../support/replay.ts';
import { runAttributes } from '../../support/run-attributes.ts';

const root = fileURLToPath(new URL('../../fixtures/captures', import.meta.url));
const queries = panelQueries.filter(({ target }) => target.datasource.type === 'tempo');
const asked = new Set(queries.flatMap(({ target }) => attributesIn(textOf(target))));

test('the dashboards name attributes of spans', () => {
  expect(asked.size).toBeGreaterThan(10);
});

describe.each(cliCases)('the spans of $name', ({ name }) => {
  test('have every attribute that the dashboards name', async () => {
    const sent = new Set<string>();
    for (const recording of readdirSync(`${root}/${name}`)) {
      for (const key of await attributesOf(`${root}/${name}/${recording}`)) sent.add(key);
    }
    expect([...asked].filter((key) => !sent.has(key))).toEqual([]);
  });

  async function attributesOf(dir: string): Promise<string[]> {
    const { unified, session } = await replay(providers[name], dir);
    const totals = totalsOf(session);
    const exit = { code: 0, signal: null };
    const spans = unified.close({ startedAt: 0, endedAt: 1, exit, totals });
    const resource: Resource = { attributes: [] };
    const git = { repository: 'repository', branch: 'branch', commit: null };
    enrichResource(resource, runAttributes({ ...providers[name], git }));
    return [
      ...spans.flatMap(({ attributes }) => attributes.map(({ key }) => `span.${key}`)),
      ...resource.attributes.map(({ key }) => `resource.${key}`),
    ];
  }
});
