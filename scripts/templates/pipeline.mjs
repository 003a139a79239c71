/** What the Alloy and the Collector templates have in common besides the transform. */

/** Attributes of spans that become labels, besides the service's and the span's name and the status. Each has few values. */
export const dimensions = [
  'openinference.span.kind',
  'gen_ai.operation.name',
  'gen_ai.provider.name',
  'gen_ai.request.model',
  'ai_trace.call.role',
  'error.type',
];

/** What makes one source of metrics: not the run, or each would begin its own series under the same labels. */
export const resourceKeys = ['service.namespace', 'service.name'];

export const histogramBuckets = ['100ms', '500ms', '1s', '2s', '5s', '10s', '30s', '60s', '120s', '300s'];

/** What all queues of one pipeline may hold together. */
export const queueBytes = 100_000_000;
