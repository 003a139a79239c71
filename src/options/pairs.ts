import type { Parsed } from './option.ts';

export type Pairs = Readonly<Record<string, string>>;

/** What is wrong with one pair; null when it is fine. */
type PairCheck = (key: string, value: string) => string | null;

/** Resource attributes: any key but an empty one, nothing that cannot be printed. */
export function parseTags(texts: readonly string[]): Parsed<Pairs> {
  return parsePairs(texts, (key, value) => {
    if (key === '') return 'the key is empty';
    return /\p{Cc}/u.test(key + value) ? 'control characters are not allowed' : null;
  });
}

/** HTTP headers, names in lower case. A problem never shows a value: it may be a secret. */
export function parseHeaders(texts: readonly string[]): Parsed<Pairs> {
  const parsed = parsePairs(texts, headerProblem);
  if (!parsed.ok) return { ...parsed, value: hideValue(parsed.value) };
  const lower = Object.entries(parsed.value).map(([name, value]) => [name.toLowerCase(), value]);
  return { ok: true, value: Object.fromEntries(lower) };
}

/** Key by key: a tag on the command line adds to those of the files. */
export function mergePairs(stronger: Pairs, weaker: Pairs): Pairs {
  return { ...weaker, ...stronger };
}

/** What is wrong with a header; null when it is fine. */
export function headerProblem(name: string, value: string): string | null {
  if (!isHeaderName(name)) return 'not a header name';
  return isHeaderValue(value) ? null : 'control characters and non-Latin letters are not allowed';
}

/** A token of RFC 9110 §5.6.2. */
function isHeaderName(name: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name);
}

/** A field value of RFC 9110 §5.5, one byte per character. */
function isHeaderValue(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}

/** `K=V`, split at the first `=`, without the blanks around either; the last of two equal keys counts. */
function parsePairs(texts: readonly string[], check: PairCheck): Parsed<Pairs> {
  const entries: [string, string][] = [];
  for (const text of texts) {
    const split = text.indexOf('=');
    if (split < 0) return { ok: false, value: text, reason: 'not of the form K=V' };
    const key = text.slice(0, split).trim();
    const value = text.slice(split + 1).trim();
    const reason = check(key, value);
    if (reason !== null) return { ok: false, value: text, reason };
    entries.push([key, value]);
  }
  return { ok: true, value: Object.fromEntries(entries) };
}

function hideValue(text: string): string {
  const split = text.indexOf('=');
  return split < 0 ? '…' : `${text.slice(0, split)}=…`;
}
