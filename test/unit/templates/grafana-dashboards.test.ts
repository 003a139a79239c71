import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Dashboard, Panel } from '@grafana/schema';
import { describe, expect, test } from 'vitest';
import { grafanaFiles } from '../../../scripts/grafana/files.ts';
import { aiTraceOnly } from '../../../scripts/grafana/names.ts';
import { dashboards, textOf } from '../../support/grafana/dashboards.ts';
import { attributesIn } from '../../support/grafana/syntax.ts';

const folder = fileURLToPath(new URL('../../../templates/grafana/', import.meta.url));
const cases = Object.entries(dashboards).map(([name, dashboard]) => ({ name, dashboard }));
const columns = 24;

/** Variables that Grafana sets by itself. */
const builtIn = ['__range', '__interval', '__value', '__data', '__url_time_range', '__all'];

test.each(grafanaFiles)('templates/grafana/%s is what scripts/templates.mjs writes', (path, text) => {
  expect(readFileSync(folder + path, 'utf8')).toBe(text);
});

test('no two dashboards are called the same', () => {
  const uids = cases.map(({ dashboard }) => dashboard.uid);
  expect(new Set(uids).size).toBe(uids.length);
});

describe.each(cases)('the dashboard $name', ({ dashboard }) => {
  const text = JSON.stringify(dashboard);
  const variables = dashboard.templating?.list ?? [];

  test('numbers its panels', () => {
    const ids = (dashboard.panels ?? []).map(({ id }) => id);
    expect(ids).toEqual(ids.map((_, index) => index + 1));
  });

  test('puts no panel over another', () => {
    const taken = new Set<string>();
    for (const { title = '', gridPos } of dashboard.panels ?? []) {
      const { x = 0, y = 0, w = 0, h = 0 } = gridPos ?? {};
      expect(x + w, title).toBeLessThanOrEqual(columns);
      for (let cell = 0; cell < w * h; cell += 1) {
        const place = `${x + (cell % w)}/${y + Math.floor(cell / w)}`;
        expect(taken, title).not.toContain(place);
        taken.add(place);
      }
    }
  });

  test('uses the variables that it has, and Grafana’s', () => {
    const used = [...text.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name);
    const known = [...builtIn, ...variables.map(({ name }) => name)];
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((name = '') => !known.includes(name))).toEqual([]);
    const ofReader = variables.filter(({ type }) => type !== 'datasource').map(({ name }) => name);
    expect(ofReader.filter((name) => !used.includes(name))).toEqual([]);
  });

  test('asks the data sources of datasources.yaml', () => {
    const uids = [...readFileSync(`${folder}datasources.yaml`, 'utf8').matchAll(/^ +uid: (\w+)$/gm)];
    const chosen = variables.filter(({ type }) => type === 'datasource').map(({ current }) => current?.value);
    expect(chosen).toEqual(uids.map(([, uid]) => uid));
  });

  test('links to dashboards that are there', () => {
    const uids = cases.map((each) => each.dashboard.uid);
    for (const [, uid] of text.matchAll(/"\/d\/([\w-]+)/g)) expect(uids).toContain(uid);
  });

  test('says which figures only ai-trace gives', () => {
    for (const { title, description = '', datasource } of panelsOf(dashboard)) {
      if (datasource?.type === 'prometheus') expect(description, title).toContain(aiTraceOnly);
    }
  });

  test('has a query for each column of its tables', () => {
    for (const panel of panelsOf(dashboard).filter(({ type }) => type === 'table')) {
      expect(columnsOf(panel).length).toBeGreaterThan(0);
      expect(
        columnsOf(panel).filter((field) => !isAsked(panel, field)),
        panel.title,
      ).toEqual([]);
    }
  });
});

function panelsOf({ panels = [] }: Dashboard): Panel[] {
  return panels.filter((each): each is Panel => each.type !== 'row');
}

function columnsOf({ transformations = [] }: Panel): string[] {
  const organize = transformations.find(({ id }) => id === 'organize');
  const { renameByName = {} } = (organize?.options ?? {}) as { renameByName?: object };
  return Object.keys(renameByName);
}

/** Fields that Grafana makes of any span. */
const ofSpans = ['Start time', 'Trace Service', 'Span ID', 'Name', 'Duration'];

function isAsked({ targets = [] }: Panel, field: string): boolean {
  return targets.some((target) => {
    const { refId, datasource } = target as { refId: string; datasource: { type: string } };
    const text = textOf(target as unknown as Parameters<typeof textOf>[0]);
    if (datasource.type === 'prometheus') return field === `Value #${refId}` || text.includes(field);
    return ofSpans.includes(field) || attributesIn(text).some((name) => name.endsWith(`.${field}`));
  });
}
