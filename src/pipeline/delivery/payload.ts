import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { compressing } from './compression.ts';

const gzipAsync = promisify(gzip);
const gunzipAsync = promisify(gunzip);

/** An export request in protobuf, plain or compressed: each is made of the other at most once. */
export class Payload {
  #plain: Promise<Uint8Array> | undefined;
  #compressed: Promise<Uint8Array> | undefined;

  private constructor(plain: Uint8Array | undefined, compressed: Uint8Array | undefined) {
    if (plain) this.#plain = Promise.resolve(plain);
    if (compressed) this.#compressed = Promise.resolve(compressed);
  }

  static plain(bytes: Uint8Array): Payload {
    return new Payload(bytes, undefined);
  }

  /** @param bytes of gzip. */
  static compressed(bytes: Uint8Array): Payload {
    return new Payload(undefined, bytes);
  }

  /** Rejects when what it was made of is no gzip. */
  plain(): Promise<Uint8Array> {
    this.#plain ??= this.compressed().then((bytes) => gunzipAsync(bytes));
    return this.#plain;
  }

  compressed(): Promise<Uint8Array> {
    this.#compressed ??= this.plain().then((bytes) => gzipAsync(bytes, compressing));
    return this.#compressed;
  }
}
