import protobuf from 'protobufjs/light.js';
import descriptor from './descriptor.json' with { type: 'json' };
import type { Definition, FieldDefinition } from './message-type.ts';

/**
 * All messages of OTLP under their full names (`.opentelemetry.proto.logs.v1.LogRecord`), as protobufjs's reflection makes them of the
 * descriptor. In the built program what comes of that stands here, written down (scripts/otlp-definitions.mjs): reflection takes 10 ms
 * of a session's processor time, and its functions, which V8 compiles anew each time, another 10.
 */
export const definitions: Readonly<Record<string, Definition>> = Object.fromEntries(
  typesIn(protobuf.Root.fromJSON(descriptor).resolveAll()).map((type) => [type.fullName, definitionOf(type)]),
);

function typesIn(namespace: protobuf.NamespaceBase): protobuf.Type[] {
  return namespace.nestedArray.flatMap((nested) => [
    ...(nested instanceof protobuf.Type ? [nested] : []),
    ...(nested instanceof protobuf.Namespace ? typesIn(nested) : []),
  ]);
}

function definitionOf(type: protobuf.Type): Definition {
  return {
    name: type.name,
    fields: type.fieldsArray.map(fieldOf),
    oneofs: Object.fromEntries(type.oneofsArray.map(({ name, oneof }) => [name, oneof])),
    construct: maker(protobuf.Type.generateConstructor(type)),
    encode: maker(protobuf.encoder(type)),
    decode: maker(protobuf.decoder(type)),
  };
}

/** Called with a scope it compiles the function that is its text; protobufjs does not say of which type that is. */
function maker<T>(generator: protobuf.Codegen): T {
  return generator as unknown as T;
}

function fieldOf(field: protobuf.Field): FieldDefinition {
  const { name, type, repeated, hasPresence, partOf, options, resolvedType } = field;
  return {
    name,
    type: resolvedType?.fullName ?? type,
    repeated,
    // Of a field in a oneof it is the oneof.
    hasPresence: Boolean(hasPresence),
    oneof: partOf?.name ?? null,
    elements: options?.['elements'] ?? null,
    values: resolvedType instanceof protobuf.Enum ? resolvedType.values : null,
  };
}
