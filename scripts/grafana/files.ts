import type { Dashboard } from '@grafana/schema';
import { grafanaAlerts, prometheusAlerts } from './alert-files.ts';
import { alerts } from './alerts.ts';
import { errors } from './dashboards/errors.ts';
import { overview } from './dashboards/overview.ts';
import { oneSession } from './dashboards/session.ts';
import { team } from './dashboards/team.ts';
import { toolsAndLatency } from './dashboards/tools.ts';

/** By the name of their file, without `.json`. */
export const dashboards: Readonly<Record<string, Dashboard>> = {
  overview,
  errors,
  'tools-and-latency': toolsAndLatency,
  session: oneSession,
  team,
};

/** The files below `templates/grafana` that are written, with what is in them. */
export const grafanaFiles: readonly (readonly [path: string, text: string])[] = [
  ...Object.entries(dashboards).map(
    ([name, each]) => [`dashboards/${name}.json`, `${JSON.stringify(each, null, 2)}\n`] as const,
  ),
  ['alerts/ai-trace.yaml', grafanaAlerts(alerts)],
  ['prometheus-rules.yaml', prometheusAlerts(alerts)],
];
