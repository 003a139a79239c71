import { definitions } from './definitions.ts';
import { type Message, type MessageType, typesOf } from './message-type.ts';
import { RepeatedAttribute } from './repeated-attributes.ts';
import { BoundedReader } from './size-limit.ts';
import type { Signal } from './types.ts';

const typeNamed = typesOf(definitions, { '.opentelemetry.proto.common.v1.KeyValue': repeating });

export const requestTypes: Readonly<Record<Signal, MessageType>> = {
  logs: collectorType('logs.v1.ExportLogsServiceRequest'),
  traces: collectorType('trace.v1.ExportTraceServiceRequest'),
  metrics: collectorType('metrics.v1.ExportMetricsServiceRequest'),
};

export const responseTypes: Readonly<Record<Signal, MessageType>> = {
  logs: collectorType('logs.v1.ExportLogsServiceResponse'),
  traces: collectorType('trace.v1.ExportTraceServiceResponse'),
  metrics: collectorType('metrics.v1.ExportMetricsServiceResponse'),
};

function collectorType(name: string): MessageType {
  return typeNamed(`.opentelemetry.proto.collector.${name}`);
}

/** The type of attributes, which knows those that were read before. */
function repeating(type: MessageType): MessageType {
  return {
    name: type.name,
    get fields() {
      return type.fields;
    },
    create: type.create,
    encode(attribute, writer, depth) {
      const wire = writer && RepeatedAttribute.wireOf(attribute);
      return wire ? writer.raw(wire) : type.encode(attribute, writer, depth);
    },
    decode(reader, length, endGroup, depth) {
      const decode = () => type.decode(reader, length, endGroup, depth);
      if (!(reader instanceof BoundedReader) || length === undefined) return decode();
      return reader.repeatable(length, decode) as Message;
    },
  };
}
