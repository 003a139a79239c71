import type { Alert } from './alerts.ts';

/** YAML for `provisioning/alerting` of Grafana. */
export function grafanaAlerts(alerts: readonly Alert[]): string {
  return `# Alerts of Grafana, from what ai-trace tells Prometheus. Who is told is the affair of your contact points.
# The thresholds are starting points: change "params" to what is much for you.
apiVersion: 1

groups:
  - orgId: 1
    name: ai-trace
    folder: ai-trace
    interval: 1m
    rules:
${alerts.map(grafanaRule).join('\n')}`;
}

function grafanaRule(alert: Alert): string {
  return `      - uid: ${alert.uid}
        title: ${text(alert.title)}
        condition: above
        for: ${alert.pending}
        noDataState: OK
        execErrState: Error
        annotations:
          summary: ${text(alert.summary)}
          description: ${text(alert.description)}
        data:
          - refId: value
            relativeTimeRange: { from: 3600, to: 0 }
            datasourceUid: prometheus
            model:
              refId: value
              instant: true
              expr: >-
                ${alert.expr}
          - refId: above
            datasourceUid: __expr__
            model:
              refId: above
              type: threshold
              expression: value
              conditions:
                # ${alert.unit}
                - evaluator: { type: gt, params: [${alert.threshold}] }
`;
}

/** YAML for `rule_files` of Prometheus, or the ruler of Mimir. */
export function prometheusAlerts(alerts: readonly Alert[]): string {
  return `# The alerts of alerts/ai-trace.yaml for who has Prometheus or Mimir raise them: name this file under rule_files.
# The thresholds behind ">" are starting points.
groups:
  - name: ai-trace
    interval: 1m
    rules:
${alerts.map(prometheusRule).join('\n')}`;
}

function prometheusRule(alert: Alert): string {
  return `      - alert: ${camelCase(alert.uid)}
        # ${alert.unit}
        expr: >-
          (${alert.expr})
          > ${alert.threshold}
        for: ${alert.pending}
        annotations:
          summary: ${text(alert.summary)}
          description: ${text(alert.description)}
`;
}

/** JSON's strings are YAML's too. */
function text(value: string): string {
  return JSON.stringify(value);
}

function camelCase(uid: string): string {
  return uid.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
