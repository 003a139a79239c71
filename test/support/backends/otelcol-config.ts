/** OTLP/HTTP base URLs of the stores that get everything the collector takes; those that are missing get nothing. */
export interface Stores {
  prometheus?: string;
  loki?: string;
  phoenix?: string;
}

/** The `..._statements` of a transform processor. */
export type Transform = Readonly<Record<string, readonly object[]>>;

export interface OtelcolPlaces {
  /** Port of 127.0.0.1 for OTLP/HTTP. */
  http: number;
  /** Port of 127.0.0.1 for OTLP/gRPC. */
  grpc: number;
  /** Port of 127.0.0.1 where the exporter for Prometheus shows the metrics. */
  exposition: number;
  /** Gets `logs.jsonl`, `traces.jsonl` and `metrics.jsonl`, one OTLP/JSON request a line. */
  folder: string;
}

/**
 * The configuration of the tests' collector: what it takes goes through the transform of the Alloy template, is written to files as it is
 * then, shown to Prometheus, and sent on.
 */
export function otelcolConfig(places: OtelcolPlaces, transform: Transform, stores: Stores): object {
  const { http, grpc, exposition, folder } = places;
  const destinations = Object.entries({
    prometheus: { metrics: stores.prometheus },
    loki: { logs: stores.loki },
    phoenix: { traces: stores.phoenix },
  }).flatMap(([name, urls]) =>
    Object.entries(urls).flatMap(([signal, url]) => (url === undefined ? [] : [{ name, signal, url }])),
  );
  const exporters = {
    // One each: a shared one is closed as soon as the first pipeline has ended, and loses what the others still hold.
    'file/logs': { path: `${folder}/logs.jsonl` },
    'file/traces': { path: `${folder}/traces.jsonl` },
    'file/metrics': { path: `${folder}/metrics.jsonl` },
    // Like Alloy's, it drops delta metrics without a word.
    prometheus: { endpoint: `127.0.0.1:${exposition}`, enable_open_metrics: true },
    // Without a queue: when the collector has ended, all is delivered.
    ...Object.fromEntries(
      destinations.map(({ name, url }) => [
        `otlphttp/${name}`,
        { endpoint: url, sending_queue: { enabled: false } },
      ]),
    ),
  };
  const pipeline = (signal: string, ...own: string[]) => ({
    receivers: ['otlp'],
    processors: ['memory_limiter', 'transform', 'batch'],
    exporters: [
      `file/${signal}`,
      ...own,
      ...destinations.filter((each) => each.signal === signal).map(({ name }) => `otlphttp/${name}`),
    ],
  });
  return {
    receivers: {
      otlp: {
        protocols: {
          http: { endpoint: `127.0.0.1:${http}` },
          grpc: { endpoint: `127.0.0.1:${grpc}` },
        },
      },
    },
    processors: {
      memory_limiter: { check_interval: '1s', limit_mib: 512, spike_limit_mib: 128 },
      // Not as the template has it: a statement that fails is to be seen.
      transform: { ...transform, error_mode: 'propagate' },
      batch: { timeout: '200ms' },
    },
    exporters,
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: {
        traces: pipeline('traces'),
        logs: pipeline('logs'),
        metrics: pipeline('metrics', 'prometheus'),
      },
    },
  };
}
