import { describe, expect, test } from 'vitest';
import { aroundProxy } from '../../../src/providers/loopback.ts';

const proxy = 'http://proxy.example:3128';

describe('loopback', () => {
  test.each(['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'])('goes around %s', (name) => {
    expect(aroundProxy({ [name]: proxy })).toEqual({ NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' });
  });

  test.each([{}, { HTTPS_PROXY: proxy }, { HTTP_PROXY: '' }, { NO_PROXY: 'example.org' }])(
    'needs nothing where no proxy is for it: %j',
    (env) => {
      expect(aroundProxy(env)).toEqual({});
    },
  );

  test('joins the exceptions of the user', () => {
    const joined = 'a.example,.b.example,127.0.0.1';
    expect(aroundProxy({ HTTP_PROXY: proxy, NO_PROXY: 'a.example,.b.example' })).toEqual({
      NO_PROXY: joined,
      no_proxy: joined,
    });
  });

  test('loses none of two lists that differ', () => {
    const env = aroundProxy({ HTTP_PROXY: proxy, NO_PROXY: 'a.example', no_proxy: 'b.example' });
    expect(env['NO_PROXY']?.split(',')).toEqual(expect.arrayContaining(['a.example', '127.0.0.1']));
    expect(env['no_proxy']?.split(',')).toEqual(expect.arrayContaining(['b.example', '127.0.0.1']));
  });

  // For curl an asterisk means everything only when it stands alone: a tool of the agent would meet the proxy.
  test('leaves an exception for everything as it is', () => {
    for (const value of Object.values(aroundProxy({ HTTP_PROXY: proxy, NO_PROXY: '*' }))) {
      expect(value).toBe('*');
    }
  });
});
