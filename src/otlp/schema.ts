import protobuf from 'protobufjs/light.js';
import { codersOf } from './coders.ts';
import descriptor from './descriptor.json' with { type: 'json' };
import type { Signal } from './types.ts';

const root = protobuf.Root.fromJSON(descriptor);
for (const type of typesIn(root)) {
  setUpForCoding(type);
  forgetDefaults(type);
  hastenOneofs(type);
}

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

function typesIn(namespace: protobuf.NamespaceBase): protobuf.Type[] {
  return namespace.nestedArray.flatMap((nested) => [
    ...(nested instanceof protobuf.Type ? [nested] : []),
    ...(nested instanceof protobuf.Namespace ? typesIn(nested) : []),
  ]);
}

/**
 * Left alone, protobufjs generates functions for checking and converting as well, of every type that is coded: 15 ms of a session's
 * first request. Who asks for those gets them from its own `setup`, which is found again below.
 */
function setUpForCoding(type: protobuf.Type): void {
  type.setup = () => {
    Reflect.deleteProperty(type, 'setup');
    const types = type.fieldsArray.map((field) => field.resolve().resolvedType);
    const { util, Writer, Reader } = protobuf;
    return Object.assign(type, codersOf(type, { types, C: type.ctor, util, Writer, Reader }));
  };
}

/**
 * protobufjs puts each field's default on the prototype: an absent `stringValue` would read `''`, an absent
 * id `[]`. Without them an absent field reads `undefined`, as types.ts says. Coding does not use them.
 */
function forgetDefaults({ ctor, fieldsArray }: protobuf.Type): void {
  for (const { name } of fieldsArray) Reflect.deleteProperty(ctor.prototype, name);
}

/**
 * When a member of a oneof is read, protobufjs deletes all others, there or not: half of the time that decoding takes. A message
 * of one property has none, and neither has an optional field, which is a oneof of its own.
 */
function hastenOneofs({ ctor, oneofsArray }: protobuf.Type): void {
  const accessors = oneofsArray.map(({ name, oneof }) => {
    const { get, set } = Object.getOwnPropertyDescriptor(ctor.prototype, name) ?? {};
    const hasty = {
      ...(get && { get }),
      set(this: object, member: string) {
        if (oneof.length > 1 && Object.keys(this).length > 1) set?.call(this, member);
      },
    };
    return [name, hasty] as const;
  });
  // They cannot be redefined where they are.
  if (accessors.length > 0) ctor.prototype = Object.create(ctor.prototype, Object.fromEntries(accessors));
}
