import {
  type Dashboard,
  DashboardCursorSync,
  type DashboardLink,
  type Panel,
  type RowPanel,
  type VariableModel,
} from '@grafana/schema';
import { tag } from './names.ts';
import type { Unplaced } from './panels.ts';
import { sourceVariables } from './variables.ts';

/** Panels beside each other, of one height (in Grafana's units of 30 pixels); they share the whole width. */
export interface Line {
  height: number;
  panels: readonly Unplaced[];
}

/** Lines below a heading. */
export interface Section {
  title: string;
  lines: readonly Line[];
}

export interface DashboardOptions {
  uid: string;
  title: string;
  description: string;
  variables: readonly VariableModel[];
  /** Start of the time range that it opens with. */
  from: string;
  sections: readonly Section[];
}

const columns = 24;

export function dashboard(options: DashboardOptions): Dashboard {
  const { uid, title, description, variables, from, sections } = options;
  return {
    uid,
    title,
    description,
    tags: [tag],
    schemaVersion: 41,
    editable: true,
    graphTooltip: DashboardCursorSync.Crosshair,
    time: { from, to: 'now' },
    refresh: '1m',
    links: [otherDashboards],
    templating: { list: [...sourceVariables, ...variables] },
    annotations: { list: [] },
    panels: placed(sections),
  };
}

const otherDashboards: DashboardLink = {
  title: 'ai-trace',
  type: 'dashboards',
  tags: [tag],
  asDropdown: true,
  keepTime: true,
  includeVars: false,
  targetBlank: false,
  icon: 'external link',
  tooltip: '',
};

function placed(sections: readonly Section[]): (Panel | RowPanel)[] {
  const done: (Panel | RowPanel)[] = [];
  let y = 0;
  for (const { title, lines } of sections) {
    done.push({
      id: done.length + 1,
      type: 'row',
      title,
      collapsed: false,
      gridPos: { x: 0, y, w: columns, h: 1 },
      panels: [],
    });
    y += 1;
    for (const { height, panels } of lines) {
      for (const [index, each] of panels.entries()) {
        const x = Math.round((index * columns) / panels.length);
        const end = Math.round(((index + 1) * columns) / panels.length);
        done.push({ ...each, id: done.length + 1, gridPos: { x, y, w: end - x, h: height } });
      }
      y += height;
    }
  }
  return done;
}
