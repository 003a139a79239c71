import protobuf from 'protobufjs/minimal.js';

/** A message under its field names. */
export type Message = Record<string, unknown>;

/** What is known of a message of OTLP: enough to write and to read it in protobuf and JSON. */
export interface MessageType {
  readonly name: string;
  readonly fields: readonly Field[];
  /** A message whose repeated fields are empty arrays; all others are absent. */
  create(): Message;
  /** @throws where messages are nested too deeply */
  encode(message: object, writer?: protobuf.Writer, depth?: number): protobuf.Writer;
  /**
   * @param length of the message, where it is within another one
   * @throws where the bytes are no such message
   */
  decode(bytes: protobuf.Reader | Uint8Array, length?: number, endGroup?: undefined, depth?: number): Message;
}

export interface Field extends FieldDefinition {
  /** The name of the message it is in. */
  readonly parent: string;
  /** Of the messages it holds; null for scalars. */
  readonly message: MessageType | null;
}

/** A field as definitions.ts has it. */
export interface FieldDefinition {
  /** In lowerCamelCase, as in JSON. */
  name: string;
  /** A scalar type of protobuf, or the full name of a message or an enum. */
  type: string;
  repeated: boolean;
  /** Whether zero or empty is something else than absent. */
  hasPresence: boolean;
  /** The name of the oneof it is in. */
  oneof: string | null;
  /** Of what its bytes are packed numbers, as scripts/otlp-descriptor.py has it. */
  elements: Elements | null;
  /** Of an enum, by their names. */
  values: Readonly<Record<string, number>> | null;
}

export type Elements = 'fixed64' | 'double';

/** A message as definitions.ts has it; of the functions, what makes them. */
export interface Definition {
  name: string;
  fields: readonly FieldDefinition[];
  /** The names of the fields in each. */
  oneofs: Readonly<Record<string, string[]>>;
  construct: () => new () => Message;
  encode: (scope: Scope) => MessageType['encode'];
  decode: (scope: Scope) => MessageType['decode'];
}

/** What protobufjs's functions refer to: the types of the message's fields in their order, `C` its constructor. */
interface Scope {
  types: (MessageType | null)[];
  C: new () => Message;
  util: typeof protobuf.util;
  Writer: typeof protobuf.Writer;
  Reader: typeof protobuf.Reader;
}

/**
 * Makes a type, and those of its fields, when it is first asked for by its full name.
 * @param adapted what stands in the place of some types
 */
export function typesOf(
  definitions: Readonly<Record<string, Definition>>,
  adapted: Readonly<Record<string, (type: MessageType) => MessageType>> = {},
): (fullName: string) => MessageType {
  const known = new Map<string, MessageType>();
  return typeNamed;

  function typeNamed(fullName: string): MessageType {
    return known.get(fullName) ?? newType(fullName);
  }

  function newType(fullName: string): MessageType {
    const definition = definitions[fullName];
    if (definition === undefined) throw new Error(`no message ${fullName}`);
    const types: Scope['types'] = [];
    const plain = messageType(definition, types);
    const type = adapted[fullName]?.(plain) ?? plain;
    // Known before the types of its fields are: a message may hold messages like itself.
    known.set(fullName, type);
    for (const field of definition.fields)
      types.push(field.type in definitions ? typeNamed(field.type) : null);
    return type;
  }
}

/** @param types of its fields, filled later */
function messageType(definition: Definition, types: Scope['types']): MessageType {
  const { name, oneofs } = definition;
  const C = definition.construct();
  for (const oneof of Object.keys(oneofs)) {
    Object.defineProperty(C.prototype, oneof, accessorOf(oneofs[oneof] ?? []));
  }
  const { util, Writer, Reader } = protobuf;
  const scope = { types, C, util, Writer, Reader };
  let fields: readonly Field[] | undefined;
  return {
    name,
    // For JSON only, which most agents do not send. With the spread in front JSON takes a fifth longer.
    get fields() {
      fields ??= definition.fields.map((field, i) => ({ parent: name, message: types[i] ?? null, ...field }));
      return fields;
    },
    create: () => new C(),
    encode: definition.encode(scope),
    decode: definition.decode(scope),
  };
}

/**
 * Under the name of a oneof a message tells which member is set; when the decoder sets it, the others go. protobufjs deletes them
 * all, there or not, which is half of the time that decoding takes. A message of one property has none, and neither has an optional
 * field, which is a oneof of its own.
 */
function accessorOf(members: string[]): PropertyDescriptor {
  const { oneOfGetter, oneOfSetter } = protobuf.util;
  const keepOnly = oneOfSetter(members);
  return {
    get: oneOfGetter(members),
    set(this: object, member: string) {
      if (members.length > 1 && Object.keys(this).length > 1) keepOnly.call(this, member);
    },
  };
}
