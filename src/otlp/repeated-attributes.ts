import { hashOf, placeOf, places } from './byte-places.ts';
import { RepeatedTexts } from './repeated-texts.ts';
import type { AnyValue, KeyValue } from './types.ts';

/** Longer ones are seldom the same. Bytes. */
const longest = 128;

/** Whatever else is in an attribute (lists, bytes, fields that the schema does not know) belongs to the request that it is read from. */
interface Simple extends KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}

/** An attribute that stands in many records at once, as it came: what writes it again takes its bytes. */
export class RepeatedAttribute implements Simple {
  readonly key: string;
  readonly value: AnyValue;
  readonly #wire: Uint8Array;

  constructor({ key, value }: Simple, wire: Uint8Array) {
    this.key = key;
    this.value = value;
    this.#wire = wire;
  }

  /** The bytes of an attribute that is one of these. */
  static wireOf(attribute: object): Uint8Array | undefined {
    return #wire in attribute ? attribute.#wire : undefined;
  }
}

/**
 * Makes one object of attributes that are the same on the wire: most stand in every record, and each is read once or twice and never
 * written. It holds as many as it has places; of two that share one the later stays.
 */
export class RepeatedAttributes {
  /** Of those that are not the same as a whole. */
  readonly texts = new RepeatedTexts();
  readonly #attributes: (RepeatedAttribute | undefined)[] = new Array(places).fill(undefined);
  /** Of the last attribute at each place: one that comes once only is not kept. */
  readonly #hashes = new Int32Array(places);

  /** The attribute of `bytes` from `start` to `end`. @param decode reads it where it is not known */
  read(bytes: Uint8Array, start: number, end: number, decode: () => KeyValue): KeyValue {
    if (end - start > longest) return decode();
    const hash = hashOf(bytes, start, end);
    const place = placeOf(hash);
    const known = this.#attributes[place];
    if (known !== undefined && isSame(known, bytes, start, end)) return known;
    const attribute = decode();
    const isNew = this.#hashes[place] !== hash;
    this.#hashes[place] = hash;
    if (isNew || !isSimple(attribute)) return attribute;
    const repeated = new RepeatedAttribute(attribute, new Uint8Array(bytes.subarray(start, end)));
    this.#attributes[place] = repeated;
    return repeated;
  }
}

function isSame(attribute: RepeatedAttribute, bytes: Uint8Array, start: number, end: number): boolean {
  const wire = RepeatedAttribute.wireOf(attribute);
  if (wire?.length !== end - start) return false;
  for (let at = start; at < end; at++) if (wire[at - start] !== bytes[at]) return false;
  return true;
}

function isSimple(attribute: KeyValue): attribute is Simple {
  const { key, value, keyStrindex } = attribute;
  if (key === undefined || value === undefined || keyStrindex !== undefined) return false;
  const { arrayValue, kvlistValue, bytesValue } = value;
  if ((arrayValue ?? kvlistValue ?? bytesValue) !== undefined) return false;
  return !(unknownFields in attribute) && !(unknownFields in value);
}

/** Where protobufjs keeps them. */
const unknownFields = '$unknowns';
