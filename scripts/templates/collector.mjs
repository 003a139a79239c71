/** The files of templates/collector: the pipeline of templates/alloy for the OpenTelemetry Collector (contrib). */
import { dimensions, histogramBuckets, queueBytes, resourceKeys } from './pipeline.mjs';
import { transform } from './transform.mjs';

/** @param {import('./collector-variants.mjs').CollectorVariant} variant */
export function collectorFile(variant) {
  const sections = [
    receivers(),
    processors(variant),
    ...(variant.isLocal ? [] : [connectors()]),
    variant.isLocal ? fileExporters() : storeExporters(variant),
    ...(variant.keeps ? [extensions()] : []),
    service(variant),
  ];
  return `${[comment(variant.about), ...sections].join('\n\n')}\n`;
}

function receivers() {
  return `receivers:
  otlp:
    protocols:
      http:
        endpoint: \${env:AI_TRACE_OTLP_HTTP:-127.0.0.1:4318}
      grpc:
        endpoint: \${env:AI_TRACE_OTLP_GRPC:-127.0.0.1:4317}`;
}

function processors({ isLocal }) {
  const groups = Object.entries(transform).map(
    ([signal, list]) => `    ${signal}_statements:\n${list.map(statements).join('\n')}`,
  );
  const filter = `
  # Span metrics of turns, LLM calls and tools only: Codex CLI has a hundred names of other spans.
  filter/span_metrics:
    error_mode: ignore
    traces:
      span:
        - ${quoted('span.attributes["openinference.span.kind"] == nil')}`;
  return `processors:
  memory_limiter:
    check_interval: 1s
    limit_mib: 512
    spike_limit_mib: 128
  # What ai-trace sends has its names already. A CLI whose own settings send it here gets the same ones.
  transform:
    error_mode: ignore
${groups.join('\n')}
  # Codex CLI and Claude Code send deltas when they send by themselves.
  delta_to_cumulative:
    max_stale: 24h${isLocal ? '' : filter}
  batch:
    timeout: 2s
    send_batch_size: 1000
    send_batch_max_size: 2000`;
}

/** @param {import('./ottl.mjs').Group} group */
function statements({ about, context, condition, statements: list }) {
  const conditions = condition ? `        conditions: [${quoted(condition)}]\n` : '';
  return `      # ${about}
      - context: ${context}
${conditions}        statements:
${list.map((each) => `          - ${quoted(each)}`).join('\n')}`;
}

function connectors() {
  return `connectors:
  forward/span_metrics:
  span_metrics:
    namespace: traces.span.metrics
    metrics_flush_interval: 15s
    metrics_expiration: 1h
    aggregation_cardinality_limit: 5000
    # One series for all runs of a CLI, not one for each.
    resource_metrics_key_attributes: [${resourceKeys.join(', ')}]
    exclude_dimensions: [span.kind]
    dimensions:
${dimensions.map((name) => `      - name: ${name}`).join('\n')}
      # The switch between one person and a team: with it each session has series of its own, 42 at least and 14 more for each
      # further tool, model or class of error. The ten sessions a day of one person are nothing to Prometheus; a hundred
      # people make more than a million series in a month. The session is on every trace and log all the same, and exemplars
      # lead there. For one person put in:
      # - name: session.id
    histogram:
      unit: s
      explicit:
        buckets: [${histogramBuckets.join(', ')}]
    exemplars:
      enabled: true
      max_per_data_point: 5`;
}

function storeExporters({ keeps }) {
  const exporters = [
    ['tempo', 'TEMPO_OTLP_ENDPOINT', 'http://tempo:4318'],
    ['loki', 'LOKI_OTLP_ENDPOINT', 'http://loki:3100/otlp'],
    ['prometheus', 'PROMETHEUS_OTLP_ENDPOINT', 'http://prometheus:9090/api/v1/otlp'],
  ].map(
    ([name, variable, url]) => `  otlp_http/${name}:
    endpoint: \${env:${variable}:-${url}}
    # Bytes: ${keeps ? 'on disk' : 'in memory'}, while the other end does not take them.
    sending_queue:
      sizer: bytes
      queue_size: ${Math.floor(queueBytes / 3)}${keeps ? '\n      storage: file_storage' : ''}
    retry_on_failure:
      max_elapsed_time: 0s`,
  );
  return `exporters:\n${exporters.join('\n')}`;
}

function fileExporters() {
  const exporters = ['traces', 'logs', 'metrics'].map(
    (signal) => `  file/${signal}:
    path: \${env:AI_TRACE_DIR:-./ai-trace}/${signal}.jsonl
    create_directory: true
    rotation:
      max_megabytes: 100
      max_backups: 3`,
  );
  return `exporters:\n${exporters.join('\n')}`;
}

function extensions() {
  return `extensions:
  file_storage:
    directory: \${env:AI_TRACE_QUEUE_DIR:-./ai-trace-queue}
    create_directory: true
    fsync: true`;
}

function service({ keeps, isLocal }) {
  const pipeline = (name, receivers, processors, exporters) => `    ${name}:
      receivers: [${receivers}]
      processors: [${processors}]
      exporters: [${exporters}]`;
  const to = (signal, store) => (isLocal ? `file/${signal}` : `otlp_http/${store}`);
  const own = [
    pipeline(
      'traces',
      'otlp',
      'memory_limiter, transform, batch',
      isLocal ? to('traces') : `${to('traces', 'tempo')}, forward/span_metrics`,
    ),
    pipeline('logs', 'otlp', 'memory_limiter, transform, batch', to('logs', 'loki')),
    pipeline(
      'metrics',
      'otlp',
      'memory_limiter, transform, delta_to_cumulative, batch',
      to('metrics', 'prometheus'),
    ),
  ];
  const ofSpans = [
    pipeline('traces/span_metrics', 'forward/span_metrics', 'filter/span_metrics', 'span_metrics'),
    pipeline('metrics/span_metrics', 'span_metrics', 'batch', to('metrics', 'prometheus')),
  ];
  return `service:${keeps ? '\n  extensions: [file_storage]' : ''}
  pipelines:
${[...own, ...(isLocal ? [] : ofSpans)].join('\n')}`;
}

/** YAML's single quotes: nothing is special between them but they. */
function quoted(text) {
  return `'${text.replaceAll("'", "''")}'`;
}

function comment(lines) {
  return lines.map((line) => (line === '' ? '#' : `# ${line}`)).join('\n');
}
