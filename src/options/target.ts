import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Parsed, Place } from './option.ts';
import { resolvePath } from './path-value.ts';

/**
 * A place as an option names it. `url` is an OTLP/HTTP base URL without a slash at its end; `path` takes
 * OTLP/JSON lines.
 */
export type Target = { kind: 'http'; url: string } | { kind: 'file'; path: string } | { kind: 'none' };

export function parseTargets(texts: readonly string[], place: Place): Parsed<Target[]> {
  const targets: Target[] = [];
  for (const text of texts) {
    const parsed = parseTarget(text, place);
    if (!parsed.ok) return parsed;
    targets.push(parsed.value);
  }
  if (targets.length === 0) {
    return { ok: false, value: '', reason: 'no destination; write none to send nothing' };
  }
  if (targets.length > 1 && targets.some((each) => each.kind === 'none')) {
    return { ok: false, value: 'none', reason: 'none cannot stand beside other destinations' };
  }
  return { ok: true, value: targets };
}

export function parseTarget(text: string, place: Place): Parsed<Target> {
  if (text === 'none') return { ok: true, value: { kind: 'none' } };
  if (text.startsWith('file:')) return parseFile(text, place);
  if (/^https?:\/\//i.test(text)) return parseUrl(text);
  const reason = /^grpcs?:/i.test(text)
    ? 'this version sends OTLP over HTTP only; give an http:// URL, usually port 4318'
    : 'neither an http:// or https:// URL, nor file:PATH, nor none';
  return { ok: false, value: text, reason };
}

function parseFile(text: string, place: Place): Parsed<Target> {
  const rest = text.slice('file:'.length);
  if (rest === '') return { ok: false, value: text, reason: 'the path is missing' };
  if (!rest.startsWith('//')) return { ok: true, value: { kind: 'file', path: resolvePath(rest, place) } };
  try {
    return { ok: true, value: { kind: 'file', path: resolve(fileURLToPath(text)) } };
  } catch {
    return { ok: false, value: text, reason: 'not a local file; write file:PATH' };
  }
}

function parseUrl(text: string): Parsed<Target> {
  const bad = (reason: string, value = text): Parsed<Target> => ({ ok: false, value, reason });
  if (!URL.canParse(text)) return bad('not a URL');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    return bad('credentials belong in --forward-header', `${url.protocol}//…@${url.host}`);
  }
  if (url.search !== '' || url.hash !== '') return bad('a base URL has no query and no fragment');
  if (/\/v1\/(traces|logs|metrics)\/?$/.test(url.pathname)) {
    return bad('give the base URL: /v1/traces, /v1/logs and /v1/metrics are added to it');
  }
  return { ok: true, value: { kind: 'http', url: url.href.replace(/\/+$/, '') } };
}
