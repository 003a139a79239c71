/** What the files of templates/collector are, and in what they differ. */

/**
 * @typedef {object} CollectorVariant
 * @property {string} file below templates/collector
 * @property {readonly string[]} about the comment at its top
 * @property {boolean} [keeps] queues on disk
 * @property {boolean} [isLocal] all goes to files and nowhere else
 */

const listening = [
  '  AI_TRACE_OTLP_HTTP        where to listen for OTLP/HTTP              127.0.0.1:4318',
  '  AI_TRACE_OTLP_GRPC        where to listen for OTLP/gRPC              127.0.0.1:4317',
];
const stores = [
  'Variables, all optional:',
  '  TEMPO_OTLP_ENDPOINT       OTLP/HTTP base URL of Tempo                http://tempo:4318',
  '  LOKI_OTLP_ENDPOINT        OTLP/HTTP base URL of Loki                 http://loki:3100/otlp',
  '  PROMETHEUS_OTLP_ENDPOINT  OTLP/HTTP base URL of Prometheus or Mimir  http://prometheus:9090/api/v1/otlp',
  ...listening,
];

/** @type {readonly CollectorVariant[]} */
export const collectorVariants = [
  {
    file: 'stores.yaml',
    about: [
      'ai-trace → OpenTelemetry Collector → Tempo, Loki, Prometheus or Mimir.',
      '',
      'Run it with: otelcol-contrib --config stores.yaml',
      ...stores,
      'Prometheus takes OTLP with --web.enable-otlp-receiver, and exemplars with --enable-feature=exemplar-storage.',
    ],
  },
  {
    file: 'persistent-queue.yaml',
    about: [
      'ai-trace → OpenTelemetry Collector → Tempo, Loki, Prometheus or Mimir: what they do not take stays on disk, also when the',
      'Collector restarts.',
      '',
      'Run it with: otelcol-contrib --config persistent-queue.yaml',
      ...stores,
      '  AI_TRACE_QUEUE_DIR        folder of the queue                        ./ai-trace-queue',
    ],
    keeps: true,
  },
  {
    file: 'file.yaml',
    about: [
      'ai-trace → OpenTelemetry Collector → files: for who has no backend. One OTLP/JSON request a line, a file for each signal.',
      '',
      'Run it with: otelcol-contrib --config file.yaml',
      'Variables, all optional:',
      '  AI_TRACE_DIR              folder of the files                        ./ai-trace',
      ...listening,
    ],
    isLocal: true,
  },
];
