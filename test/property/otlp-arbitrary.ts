import fc from 'fast-check';
import protobuf from 'protobufjs/light.js';
import descriptor from '../../src/otlp/descriptor.json' with { type: 'json' };
import { Long } from '../../src/otlp/long.ts';
import { packDoubles, packInts } from '../../src/otlp/packed-numbers.ts';
import type { ExportRequest, Signal } from '../../src/otlp/types.ts';

type Message = Record<string, unknown>;

/** protobufjs's own types, which ours are compared with, of OTLP or a schema like it. */
export function schemaOf(json: protobuf.INamespace = descriptor): protobuf.Root {
  const root = protobuf.Root.fromJSON(json);
  root.resolveAll();
  return root;
}

export function requestTypeIn(schema: protobuf.Root, signal: Signal): protobuf.Type {
  return schema.lookupType(`opentelemetry.proto.collector.${requestNames[signal]}`);
}

const requestNames: Readonly<Record<Signal, string>> = {
  logs: 'logs.v1.ExportLogsServiceRequest',
  traces: 'trace.v1.ExportTraceServiceRequest',
  metrics: 'metrics.v1.ExportMetricsServiceRequest',
};

/** Any request of the signal. */
export function requestOf(signal: Signal): fc.Arbitrary<ExportRequest> {
  return messageOf(requestTypeIn(schemaOf(), signal)) as unknown as fc.Arbitrary<ExportRequest>;
}

/** OTLP as a later release might have it: one more field in every message. */
export function newerSchema(): protobuf.Root {
  const later = structuredClone(descriptor) as protobuf.INamespace;
  addFutureField(later);
  return schemaOf(later);
}

function addFutureField(namespace: protobuf.INamespace): void {
  for (const nested of Object.values(namespace.nested ?? {})) {
    if ('fields' in nested) nested.fields['fromTheFuture'] = { type: 'string', id: 1000 };
    addFutureField(nested as protobuf.INamespace);
  }
}

const deepest = 9;

/** JSON has no negative zero. */
const anyDouble = fc.double().map((value) => (value === 0 ? 0 : value));

/**
 * Any message of the type as decoding would give it: repeated fields are arrays, one member of a oneof at most, no scalar
 * without presence at its default.
 */
export function messageOf(type: protobuf.Type, depth = 0): fc.Arbitrary<Message> {
  const plain = type.fieldsArray.filter((field) => field.partOf === null);
  const repeated = plain.filter((field) => field.repeated);
  const single = plain.filter((field) => !field.repeated && canNest(field, depth));
  const lists = Object.fromEntries(repeated.map((field) => [field.name, listOf(field, depth)]));
  const optional = Object.fromEntries(single.map((field) => [field.name, singleOf(field, depth)]));
  const oneofs = type.oneofsArray.map((oneof) =>
    fc.oneof(
      fc.constant({}),
      ...oneof.fieldsArray
        .filter((field) => canNest(field, depth))
        .map((field) => fc.record({ [field.name]: singleOf(field, depth) })),
    ),
  );
  const parts = [fc.record(lists), fc.record(optional, { requiredKeys: [] }), ...oneofs];
  return fc.tuple(...parts).map((members) => Object.assign({}, ...members));
}

/** Every signed or unsigned 64-bit integer, the extremes often. */
export function int64(unsigned: boolean): fc.Arbitrary<Long> {
  const range = unsigned ? { min: 0n, max: 2n ** 64n - 1n } : { min: -(2n ** 63n), max: 2n ** 63n - 1n };
  const extremes = [range.min, range.max, 0n, 1n, 2n ** 53n + 1n, 2n ** 63n - 1n];
  return fc
    .oneof(fc.bigInt(range), fc.constantFrom(...extremes))
    .map((value) => Long.fromString(String(value), unsigned));
}

function canNest(field: protobuf.Field, depth: number): boolean {
  return depth < deepest || !(field.resolvedType instanceof protobuf.Type);
}

function listOf(field: protobuf.Field, depth: number): fc.Arbitrary<unknown[]> {
  return canNest(field, depth) ? fc.array(elementOf(field, depth), { maxLength: 2 }) : fc.constant([]);
}

function singleOf(field: protobuf.Field, depth: number): fc.Arbitrary<unknown> {
  const value = elementOf(field, depth);
  return field.hasPresence ? value : value.filter((candidate) => !isDefault(candidate));
}

function elementOf(field: protobuf.Field, depth: number): fc.Arbitrary<unknown> {
  if (field.resolvedType instanceof protobuf.Type) return messageOf(field.resolvedType, depth + 1);
  if (field.resolvedType instanceof protobuf.Enum) return fc.integer({ min: 0, max: 30 });
  switch (field.options?.['elements']) {
    case 'fixed64':
      return fc.array(int64(true), { maxLength: 4 }).map(packInts);
    case 'double':
      return fc.array(anyDouble, { maxLength: 4 }).map(packDoubles);
  }
  switch (field.type) {
    case 'string':
      return fc.string({ unit: 'binary', maxLength: 60 });
    case 'bytes':
      return fc.uint8Array({ maxLength: 20 });
    case 'bool':
      return fc.boolean();
    case 'double':
      return anyDouble;
    case 'int64':
    case 'sfixed64':
      return int64(false);
    case 'fixed64':
    case 'uint64':
      return int64(true);
    case 'int32':
    case 'sint32':
      return fc.integer();
    default:
      return fc.integer({ min: 0, max: 0xffffffff });
  }
}

function isDefault(value: unknown): boolean {
  if (Long.isLong(value)) return value.isZero();
  if (value instanceof Uint8Array) return value.length === 0;
  return value === 0 || value === false || value === '';
}
