import { failedShare, metrics, total } from './metrics.ts';

/** What is worth a word when nobody looks. */
export interface Alert {
  /** Of the rule, in Grafana; also its name for Prometheus, in camel case. */
  uid: string;
  title: string;
  /** PromQL; the alert is raised for each of its series that is above the threshold. */
  expr: string;
  threshold: number;
  /** What the threshold is, for who changes it. */
  unit: string;
  /** How long that must last. */
  pending: string;
  summary: string;
  description: string;
}

const everything = ['job=~"ai-trace/.+"'];
/** Share of failures among few attempts says nothing. */
const enough = `${total(`${metrics.llm}_count`, everything, '15m', ['job'])} >= 10`;

/** Templates in texts are without a "$", which files of Grafana would take for a variable. */
export const alerts: readonly Alert[] = [
  {
    uid: 'ai-trace-spend-per-hour',
    title: 'Spend per hour',
    expr: total(metrics.cost, everything, '1h'),
    threshold: 20,
    unit: 'USD in one hour, all CLIs together',
    pending: '0s',
    summary: 'Coding agents cost more than usual in the last hour',
    description: 'The dashboard "ai-trace: overview" tells by which CLI, model and repository.',
  },
  {
    uid: 'ai-trace-spend-of-one-session',
    title: 'Spend of one session',
    expr: total(metrics.cost, everything, '1h', ['job', 'instance']),
    threshold: 10,
    unit: 'USD in one hour, one run of a CLI',
    pending: '0s',
    summary: 'One session of {{ .Labels.job }} is expensive',
    description: 'Its run is {{ .Labels.instance }}; the dashboard "ai-trace: overview" lists the sessions.',
  },
  {
    uid: 'ai-trace-error-rate',
    title: 'Error rate',
    expr: `(${failedShare(everything, '15m', ['job'])}) and ${enough}`,
    threshold: 0.2,
    unit: 'share of the attempts at LLM calls in 15 minutes, of a CLI that made ten',
    pending: '5m',
    summary: 'LLM calls of {{ .Labels.job }} fail',
    description: 'The dashboard "ai-trace: errors" tells of what class the failures are.',
  },
];
