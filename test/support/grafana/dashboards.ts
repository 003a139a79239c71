import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Dashboard } from '@grafana/schema';
import type { Target } from '../../../scripts/grafana/targets.ts';

const folder = fileURLToPath(new URL('../../../templates/grafana/dashboards/', import.meta.url));

/** A query of a panel of a shipped dashboard. */
export interface PanelQuery {
  /** Name of the file, without `.json`. */
  dashboard: string;
  /** The panel's title. */
  panel: string;
  target: Target;
}

/** The shipped dashboards by the names of their files, without `.json`. */
export const dashboards: Readonly<Record<string, Dashboard>> = Object.fromEntries(
  readdirSync(folder).map((file) => [
    file.replace(/\.json$/, ''),
    JSON.parse(readFileSync(join(folder, file), 'utf8')),
  ]),
);

export const panelQueries: readonly PanelQuery[] = Object.entries(dashboards).flatMap(
  ([name, { panels = [] }]) =>
    panels.flatMap((panel) =>
      'targets' in panel
        ? (panel.targets ?? []).map((target) => ({
            dashboard: name,
            panel: panel.title ?? '',
            target: target as unknown as Target,
          }))
        : [],
    ),
);

/** The query in the words of its store. */
export function textOf(target: Target): string {
  return 'expr' in target ? target.expr : target.query;
}

/** Grafana's own, as it would set them when an hour is shown. */
const builtIn = { __range: '1h', __interval: '1m' };

/** Puts values in the place of `$name` and `${name}`. @throws {Error} when one is not there */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  const known: Readonly<Record<string, string>> = { ...builtIn, ...values };
  return text.replaceAll(/\$\{?(\w+)\}?/g, (_, name: string) => {
    const value = known[name];
    if (value === undefined) throw new Error(`no value for $${name} in ${text}`);
    return value;
  });
}
