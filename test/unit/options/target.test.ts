import { describe, expect, it } from 'vitest';
import { parseTargets } from '../../../src/options/target.ts';

const parse = (...texts: string[]) => parseTargets(texts, { cwd: '/work', home: '/home/u' });

describe('parseTargets', () => {
  it.each([
    ['http://127.0.0.1:4318', 'http://127.0.0.1:4318'],
    ['http://127.0.0.1:4318/', 'http://127.0.0.1:4318'],
    ['HTTPS://Alloy.example/otlp/', 'https://alloy.example/otlp'],
    ['http://[::1]:4318', 'http://[::1]:4318'],
  ])('reads %s as a base URL', (text, url) => {
    expect(parse(text)).toEqual({ ok: true, value: [{ kind: 'http', url }] });
  });

  it.each([
    ['grpc://localhost:4317', 'grpc://localhost:4317'],
    ['GRPCS://Alloy.example:443/', 'grpcs://alloy.example:443'],
    ['grpc://a:80', 'grpc://a:80'],
    ['grpc://[::1]:4317', 'grpc://[::1]:4317'],
  ])('reads %s as a gRPC address', (text, url) => {
    expect(parse(text)).toEqual({ ok: true, value: [{ kind: 'grpc', url }] });
  });

  it.each([
    ['file:out.jsonl', '/work/out.jsonl'],
    ['file:/var/out.jsonl', '/var/out.jsonl'],
    ['file:~/out.jsonl', '/home/u/out.jsonl'],
    ['file:///var/with%20blank', '/var/with blank'],
  ])('reads %s as a file', (text, path) => {
    expect(parse(text)).toEqual({ ok: true, value: [{ kind: 'file', path }] });
  });

  it('keeps the order of several', () => {
    const parsed = parse('file:/a', 'http://b:1');
    expect(parsed).toEqual({
      ok: true,
      value: [
        { kind: 'file', path: '/a' },
        { kind: 'http', url: 'http://b:1' },
      ],
    });
  });

  it('takes none alone', () => {
    expect(parse('none')).toEqual({ ok: true, value: [{ kind: 'none' }] });
    expect(parse('none', 'http://b:1')).toMatchObject({ ok: false, value: 'none' });
  });

  it.each([
    ['grpc://localhost', /port is missing/],
    ['grpcs://localhost:4317/otlp', /no path/],
    ['grpc://localhost:4317?x=1', /no query/],
    ['grpc://x:99999', /not a URL/],
    ['grpc:localhost:4317', /neither/],
    ['localhost:4318', /neither/],
    ['', /neither/],
    ['ftp://x', /neither/],
    ['http://', /not a URL/],
    ['http://x:99999', /not a URL/],
    ['http://x/?token=1', /query/],
    ['http://x:4318/v1/traces', /base URL/],
    ['file:', /path/],
    ['file://host/x', /local file/],
  ])('refuses %j', (text, reason) => {
    expect(parse(text)).toEqual({ ok: false, value: text, reason: expect.stringMatching(reason) });
  });

  it('does not repeat credentials', () => {
    for (const url of ['https://user:secret@alloy.example/x', 'grpcs://user:secret@alloy.example:1']) {
      const parsed = parse(url);
      expect(parsed).toMatchObject({ ok: false, reason: expect.stringContaining('--forward-header') });
      expect(JSON.stringify(parsed)).not.toMatch(/user|secret/);
    }
  });
});
