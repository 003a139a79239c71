/** What the files of templates/alloy are, and in what they differ. */

/**
 * @typedef {object} AlloyVariant
 * @property {string} file below templates/alloy
 * @property {readonly string[]} about the comment at its top
 * @property {boolean} [bySession] span metrics have a series for each session
 * @property {boolean} [keeps] queues on disk (public preview)
 * @property {boolean} [adds] delta metrics become cumulative (experimental)
 * @property {boolean} [isCloud] all goes to one OTLP endpoint with a password
 */

const stores = [
  'Variables, all optional:',
  '  TEMPO_OTLP_ENDPOINT    OTLP/HTTP base URL of Tempo              http://tempo:4318',
  '  LOKI_OTLP_ENDPOINT     OTLP/HTTP base URL of Loki               http://loki:3100/otlp',
  '  PROM_REMOTE_WRITE_URL  remote write of Prometheus or Mimir      http://prometheus:9090/api/v1/write',
];
const listening = [
  '  AI_TRACE_OTLP_HTTP     where to listen for OTLP/HTTP            127.0.0.1:4318',
  '  AI_TRACE_OTLP_GRPC     where to listen for OTLP/gRPC            127.0.0.1:4317',
];

/** @type {readonly AlloyVariant[]} */
export const alloyVariants = [
  {
    file: 'single-user.alloy',
    about: [
      'ai-trace → Alloy → Tempo, Loki, Prometheus or Mimir: for one person, with span metrics by session.',
      '',
      'Run it with: alloy run single-user.alloy',
      ...stores,
      ...listening,
    ],
    bySession: true,
  },
  {
    file: 'team.alloy',
    about: [
      'ai-trace → Alloy → Tempo, Loki, Prometheus or Mimir: for a team, with few series.',
      '',
      'Run it with: alloy run team.alloy',
      ...stores,
      ...listening,
    ],
  },
  {
    file: 'persistent-queue.alloy',
    about: [
      'ai-trace → Alloy → Tempo, Loki, Prometheus or Mimir: what they do not take stays on disk, also when Alloy restarts.',
      '',
      'Run it with: alloy run --stability.level=public-preview persistent-queue.alloy',
      ...stores,
      ...listening,
      '  AI_TRACE_QUEUE_DIR     folder of the queue                      a folder below --storage.path',
    ],
    bySession: true,
    keeps: true,
  },
  {
    file: 'native-metrics.alloy',
    about: [
      'ai-trace → Alloy → Tempo, Loki, Prometheus or Mimir: for CLIs that send here without ai-trace, metrics too.',
      'Codex CLI and Claude Code send deltas, which Prometheus does not take: the other variants drop them without a word.',
      '',
      'Run it with: alloy run --stability.level=experimental native-metrics.alloy',
      ...stores,
      ...listening,
    ],
    bySession: true,
    adds: true,
  },
  {
    file: 'grafana-cloud.alloy',
    about: [
      'ai-trace → Alloy → Grafana Cloud, by its OTLP endpoint.',
      '',
      'Run it with: alloy run grafana-cloud.alloy',
      'Variables, from the "OpenTelemetry" page of your stack:',
      '  GRAFANA_CLOUD_OTLP_ENDPOINT  its URL, which ends with /otlp',
      '  GRAFANA_CLOUD_INSTANCE_ID    the number of the instance',
      '  GRAFANA_CLOUD_API_KEY        a token that may write metrics, logs and traces',
      'Optional:',
      ...listening,
    ],
    isCloud: true,
  },
];
