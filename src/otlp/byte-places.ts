/** How many there are in a table of what was read before, by its bytes; a power of two. */
export const places = 1024;

/** 32 bits, the same for the same bytes. */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
  return hash;
}

/** The place of what has this hash, from 0. */
export function placeOf(hash: number): number {
  return (hash ^ (hash >>> 10)) & (places - 1);
}
