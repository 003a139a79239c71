/** The files of templates/alloy: one pipeline, with what differs. */

import { dimensions, histogramBuckets, queueBytes, resourceKeys } from './pipeline.mjs';
import { transform } from './transform.mjs';

/** @param {import('./alloy-variants.mjs').AlloyVariant} variant */
export function alloyFile(variant) {
  const blocks = [
    receiver(),
    memoryLimiter(),
    transformProcessor(variant),
    spanMetricsFilter(),
    spanMetrics(variant),
    ...(variant.adds ? [deltaToCumulative()] : []),
    batch(variant),
    ...(variant.keeps ? [storage()] : []),
    ...(variant.isCloud ? cloud() : [...exporters(variant), metricsExporter()]),
  ];
  return `${[comment(variant.about), ...blocks].join('\n\n')}\n`;
}

function receiver() {
  return `otelcol.receiver.otlp "ai_trace" {
	http {
		endpoint = coalesce(sys.env("AI_TRACE_OTLP_HTTP"), "127.0.0.1:4318")
	}

	grpc {
		endpoint = coalesce(sys.env("AI_TRACE_OTLP_GRPC"), "127.0.0.1:4317")
	}

	output {
		traces  = [otelcol.processor.memory_limiter.ai_trace.input]
		logs    = [otelcol.processor.memory_limiter.ai_trace.input]
		metrics = [otelcol.processor.memory_limiter.ai_trace.input]
	}
}`;
}

function memoryLimiter() {
  return `otelcol.processor.memory_limiter "ai_trace" {
	check_interval = "1s"
	limit          = "512MiB"
	spike_limit    = "128MiB"

	output {
		traces  = [otelcol.processor.transform.ai_trace.input]
		logs    = [otelcol.processor.transform.ai_trace.input]
		metrics = [otelcol.processor.transform.ai_trace.input]
	}
}`;
}

function transformProcessor({ adds }) {
  const groups = Object.entries(transform).flatMap(([signal, list]) =>
    list.map((group) => statements(signal, group)),
  );
  const metrics = adds ? 'otelcol.processor.deltatocumulative.ai_trace' : 'otelcol.processor.batch.ai_trace';
  return `// What ai-trace sends has its names already. A CLI whose own settings send it here gets the same ones.
otelcol.processor.transform "ai_trace" {
	error_mode = "ignore"

${groups.join('\n\n')}

	output {
		traces = [
			otelcol.processor.batch.ai_trace.input,
			otelcol.processor.filter.span_metrics.input,
		]
		logs    = [otelcol.processor.batch.ai_trace.input]
		metrics = [${metrics}.input]
	}
}`;
}

/** @param {import('./ottl.mjs').Group} group */
function statements(signal, { about, context, condition, statements: list }) {
  const conditions = condition ? `		conditions = [\`${condition}\`]\n` : '';
  return `	// ${about}
	${signal}_statements {
		context    = "${context}"
${conditions}		statements = [
${list.map((each) => `			\`${each}\`,`).join('\n')}
		]
	}`;
}

function spanMetricsFilter() {
  return `// Span metrics of turns, LLM calls and tools only: Codex CLI has a hundred names of other spans.
otelcol.processor.filter "span_metrics" {
	error_mode = "ignore"

	traces {
		span = [\`span.attributes["openinference.span.kind"] == nil\`]
	}

	output {
		traces = [otelcol.connector.spanmetrics.ai_trace.input]
	}
}`;
}

/** Counted: a turn, an LLM call and a tool, each with a counter and a histogram of thirteen series. */
const cardinality = `	// The switch between one person and a team: with session.id as a dimension each session has series of its own, 42 at least
	// and 14 more for each further tool, model or class of error. The ten sessions a day of one person are nothing to
	// Prometheus; a hundred people make more than a million series in a month.`;

function spanMetrics({ bySession, isCloud }) {
  const metrics = isCloud
    ? 'otelcol.processor.batch.ai_trace.input'
    : 'otelcol.exporter.prometheus.ai_trace.input';
  const session = bySession
    ? `${cardinality}
	// Take the block out for them: the session is still on every trace and log, and exemplars lead there.
	dimension {
		name = "session.id"
	}
`
    : `${cardinality}
	// The session is on every trace and log all the same, and exemplars lead there. For one person put in:
	//
	//   dimension {
	//     name = "session.id"
	//   }
`;
  return `otelcol.connector.spanmetrics "ai_trace" {
${dimensions.map((name) => `	dimension {\n		name = "${name}"\n	}`).join('\n\n')}

${session}	exclude_dimensions = ["span.kind"]

	// One series for all runs of a CLI, not one for each.
	resource_metrics_key_attributes = [${resourceKeys.map((key) => `"${key}"`).join(', ')}]
	aggregation_cardinality_limit   = 5000
	metrics_flush_interval          = "15s"
	series_expiration               = "1h"
	namespace                       = "traces.span.metrics"

	histogram {
		unit = "s"

		explicit {
			buckets = [${histogramBuckets.map((each) => `"${each}"`).join(', ')}]
		}
	}

	exemplars {
		enabled            = true
		max_per_data_point = 5
	}

	output {
		metrics = [${metrics}]
	}
}`;
}

function deltaToCumulative() {
  return `// What is counted from one request to the next becomes running totals, counters and histograms alike.
otelcol.processor.deltatocumulative "ai_trace" {
	max_stale = "24h"

	output {
		metrics = [otelcol.processor.batch.ai_trace.input]
	}
}`;
}

function batch({ isCloud }) {
  const outputs = isCloud
    ? `		traces  = [otelcol.exporter.otlphttp.grafana_cloud.input]
		logs    = [otelcol.exporter.otlphttp.grafana_cloud.input]
		metrics = [otelcol.exporter.otlphttp.grafana_cloud.input]`
    : `		traces  = [otelcol.exporter.otlphttp.tempo.input]
		logs    = [otelcol.exporter.otlphttp.loki.input]
		metrics = [otelcol.exporter.prometheus.ai_trace.input]`;
  return `otelcol.processor.batch "ai_trace" {
	timeout             = "2s"
	send_batch_size     = 1000
	send_batch_max_size = 2000

	output {
${outputs}
	}
}`;
}

function storage() {
  return `otelcol.storage.file "queue" {
	// None is a folder of its own below --storage.path.
	directory = sys.env("AI_TRACE_QUEUE_DIR")
	fsync     = true
}`;
}

function exporters({ keeps }) {
  return [
    ['tempo', 'TEMPO_OTLP_ENDPOINT', 'http://tempo:4318'],
    ['loki', 'LOKI_OTLP_ENDPOINT', 'http://loki:3100/otlp'],
  ].map(
    ([name, variable, url]) => `otelcol.exporter.otlphttp "${name}" {
	client {
		endpoint = coalesce(sys.env("${variable}"), "${url}")
	}

${queue(queueBytes / 2, keeps)}

	retry_on_failure {
		max_elapsed_time = "0s"
	}
}`,
  );
}

function queue(bytes, keeps) {
  return `	// Bytes: ${keeps ? 'on disk' : 'in memory'}, while the other end does not take them.
	sending_queue {
		sizer      = "bytes"
		queue_size = ${bytes}${keeps ? '\n		storage    = otelcol.storage.file.queue.handler' : ''}
	}`;
}

function metricsExporter() {
  return `// It takes cumulative metrics only, as ai-trace sends them, and drops others without a word.
otelcol.exporter.prometheus "ai_trace" {
	forward_to = [prometheus.remote_write.ai_trace.receiver]
}

prometheus.remote_write "ai_trace" {
	endpoint {
		url            = coalesce(sys.env("PROM_REMOTE_WRITE_URL"), "http://prometheus:9090/api/v1/write")
		send_exemplars = true
	}

	// Two Alloys may write series of the same names.
	external_labels = {
		alloy = constants.hostname,
	}
}`;
}

function cloud() {
  return [
    `// Alloy 1.19 does not start with its newer client_auth block alone.
otelcol.auth.basic "grafana_cloud" {
	username = sys.env("GRAFANA_CLOUD_INSTANCE_ID")
	password = sys.env("GRAFANA_CLOUD_API_KEY")
}`,
    `otelcol.exporter.otlphttp "grafana_cloud" {
	client {
		endpoint = sys.env("GRAFANA_CLOUD_OTLP_ENDPOINT")
		auth     = otelcol.auth.basic.grafana_cloud.handler
	}

${queue(queueBytes, false)}

	retry_on_failure {
		max_elapsed_time = "0s"
	}
}`,
  ];
}

function comment(lines) {
  return lines.map((line) => (line === '' ? '//' : `// ${line}`)).join('\n');
}
