/** Lower-case hex of an id, `''` for an absent one. */
export function hex(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) return '';
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** The bytes of hex digits in either case; `undefined` when the text is not hex. */
export function bytesFromHex(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'hex');
  // Buffer stops at the first character that is no hex digit.
  return bytes.length * 2 === text.length ? bytes : undefined;
}
