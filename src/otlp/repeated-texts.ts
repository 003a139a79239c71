import { hashOf, placeOf, places } from './byte-places.ts';

/** Longer ones are seldom the same. Bytes. */
const longest = 64;

/**
 * Reads UTF-8, and where the same bytes were read before gives the same string: the keys of attributes and many of their values
 * stand in every record. It holds as many texts as it has places; of two that share one the later stays.
 */
export class RepeatedTexts {
  readonly #texts: string[] = new Array(places).fill('');

  /** The string of `bytes` from `start` to `end`. */
  read(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length > longest) return bytes.toString('utf8', start, end);
    const place = placeOf(hashOf(bytes, start, end));
    const known = this.#texts[place];
    if (known !== undefined && isSame(known, bytes, start, end)) return known;
    const text = bytes.toString('utf8', start, end);
    // As many characters as bytes: plain ASCII, which can be compared with bytes.
    if (text.length === length) this.#texts[place] = text;
    return text;
  }
}

function isSame(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let at = start; at < end; at++) if (text.charCodeAt(at - start) !== bytes[at]) return false;
  return true;
}
