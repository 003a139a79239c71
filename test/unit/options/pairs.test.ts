import { describe, expect, it } from 'vitest';
import { parseHeaders, parseTags } from '../../../src/options/pairs.ts';

describe('parseTags', () => {
  it('splits at the first =, and the last of two equal keys counts', () => {
    const parsed = parseTags(['team=core', 'query=a=b', 'empty=', 'team= sre ', '__proto__=x']);
    expect(parsed.ok && Object.entries(parsed.value)).toEqual([
      ['team', 'sre'],
      ['query', 'a=b'],
      ['empty', ''],
      ['__proto__', 'x'],
    ]);
  });

  it.each([
    ['team', 'not of the form K=V'],
    ['=x', 'the key is empty'],
    [' =x', 'the key is empty'],
    ['a\u0007b=x', 'control characters are not allowed'],
    ['a=x\ny', 'control characters are not allowed'],
  ])('refuses %j', (text, reason) => {
    expect(parseTags(['ok=1', text])).toEqual({ ok: false, value: text, reason });
  });
});

describe('parseHeaders', () => {
  it('writes names in lower case, so that one name is one header', () => {
    const parsed = parseHeaders(['Authorization=Basic a==', 'X-Scope-OrgID=1', 'x-scope-orgid=2']);
    expect(parsed).toEqual({ ok: true, value: { authorization: 'Basic a==', 'x-scope-orgid': '2' } });
  });

  it.each([
    ['x y=secret', 'x y=…', /header name/],
    ['=secret', '=…', /header name/],
    ['x=secret\r\ny: z', 'x=…', /control characters/],
    ['x=secret\u20ac', 'x=…', /control characters/],
    ['secret', '…', /K=V/],
  ])('refuses %j without repeating its value', (text, value, reason) => {
    expect(parseHeaders([text])).toEqual({ ok: false, value, reason: expect.stringMatching(reason) });
  });
});
