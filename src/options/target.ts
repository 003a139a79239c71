import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Parsed, Place } from './option.ts';
import { resolvePath } from './path-value.ts';

/**
 * A place as an option names it. `url` is an OTLP/HTTP base URL without a slash at its end, or
 * `grpc(s)://host:port`; `path` takes OTLP/JSON lines.
 */
export type Target =
  | { kind: 'http' | 'grpc'; url: string }
  | { kind: 'file'; path: string }
  | { kind: 'none' };

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
  if (/^https?:\/\//i.test(text)) return parseHttp(text);
  if (/^grpcs?:\/\//i.test(text)) return parseGrpc(text);
  const reason = 'neither an http://, https://, grpc:// or grpcs:// URL, nor file:PATH, nor none';
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

function parseHttp(text: string): Parsed<Target> {
  const parsed = parseUrl(text);
  if (!parsed.ok) return parsed;
  const url = parsed.value;
  if (/\/v1\/(traces|logs|metrics)\/?$/.test(url.pathname)) {
    const reason = 'give the base URL: /v1/traces, /v1/logs and /v1/metrics are added to it';
    return { ok: false, value: text, reason };
  }
  return { ok: true, value: { kind: 'http', url: url.href.replace(/\/+$/, '') } };
}

function parseGrpc(text: string): Parsed<Target> {
  const scheme = /^grpcs:/i.test(text) ? 'grpcs' : 'grpc';
  // Node knows what a host is with the schemes of the web only.
  const parsed = parseUrl(text.replace(/^grpcs?:/i, 'http:'));
  if (!parsed.ok) return { ...parsed, value: parsed.value.replace(/^http:/, `${scheme}:`) };
  const { hostname, pathname } = parsed.value;
  if (pathname !== '/') return { ok: false, value: text, reason: 'a gRPC address has no path' };
  const port = /:(\d+)\/?$/.exec(text)?.[1];
  if (port === undefined) return { ok: false, value: text, reason: 'the port is missing, usually 4317' };
  return { ok: true, value: { kind: 'grpc', url: `${scheme}://${hostname}:${Number(port)}` } };
}

function parseUrl(text: string): Parsed<URL> {
  if (!URL.canParse(text)) return { ok: false, value: text, reason: 'not a URL' };
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    const value = `${url.protocol}//…@${url.host}`;
    return { ok: false, value, reason: 'credentials belong in --forward-header or --forward-headers-file' };
  }
  if (url.search !== '' || url.hash !== '') {
    return { ok: false, value: text, reason: 'a base URL has no query and no fragment' };
  }
  return { ok: true, value: url };
}
