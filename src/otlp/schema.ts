import protobuf from 'protobufjs/light.js';
import descriptor from './descriptor.json' with { type: 'json' };
import type { Signal } from './types.ts';

const root = protobuf.Root.fromJSON(descriptor);
forgetDefaults(root);

export const requestTypes: Readonly<Record<Signal, protobuf.Type>> = {
  logs: collectorType('logs.v1.ExportLogsServiceRequest'),
  traces: collectorType('trace.v1.ExportTraceServiceRequest'),
  metrics: collectorType('metrics.v1.ExportMetricsServiceRequest'),
};

export const responseTypes: Readonly<Record<Signal, protobuf.Type>> = {
  logs: collectorType('logs.v1.ExportLogsServiceResponse'),
  traces: collectorType('trace.v1.ExportTraceServiceResponse'),
  metrics: collectorType('metrics.v1.ExportMetricsServiceResponse'),
};

function collectorType(name: string): protobuf.Type {
  return root.lookupType(`opentelemetry.proto.collector.${name}`);
}

/**
 * protobufjs puts each field's default on the prototype: an absent `stringValue` would read `''`, an absent
 * id `[]`. Without them an absent field reads `undefined`, as types.ts says. Coding does not use them.
 */
function forgetDefaults(namespace: protobuf.NamespaceBase): void {
  for (const nested of namespace.nestedArray) {
    if (nested instanceof protobuf.Type) {
      for (const { name } of nested.fieldsArray) Reflect.deleteProperty(nested.ctor.prototype, name);
    }
    if (nested instanceof protobuf.Namespace) forgetDefaults(nested);
  }
}
