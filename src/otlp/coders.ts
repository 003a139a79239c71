import protobuf from 'protobufjs/light.js';

/** What the generated functions refer to: the types of a message's fields in their order, `C` its constructor. */
export interface Scope {
  types: (protobuf.ReflectionObject | null)[];
  C: protobuf.Constructor<object>;
  util: typeof protobuf.util;
  Writer: typeof protobuf.Writer;
  Reader: typeof protobuf.Reader;
}

/**
 * The functions that protobufjs generates for a type. In the built program they stand as they were generated (scripts/otlp-coders.mjs),
 * for V8 to keep what it compiles: to generate them takes 10 ms of a session.
 */
export function codersOf(type: protobuf.Type, scope: Scope): Coders {
  return { encode: protobuf.encoder(type)(scope), decode: protobuf.decoder(type)(scope) } as Coders;
}

type Coders = Pick<protobuf.Type, 'encode' | 'decode'>;
