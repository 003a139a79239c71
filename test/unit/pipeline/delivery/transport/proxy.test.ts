import { describe, expect, test } from 'vitest';
import { isLoopback, proxyFor } from '../../../../../src/pipeline/delivery/transport/proxy.ts';

describe('isLoopback', () => {
  const hostOf = (host: string) => new URL(`http://${host}:1`).hostname;

  test.each([
    'localhost',
    'LOCALHOST',
    'localhost.',
    'a.localhost',
    '127.0.0.1',
    '127.9.8.7',
    '[::1]',
    '0x7f.1',
  ])('is %s', (host) => expect(isLoopback(hostOf(host))).toBe(true));

  test.each(['localhost.example', 'mylocalhost', '127.0.0.1.example', '10.0.0.1', '[::2]', '128.0.0.1'])(
    'is not %s',
    (host) => expect(isLoopback(hostOf(host))).toBe(false),
  );
});

describe('proxyFor', () => {
  const https = new URL('https://collector.example');

  test('is that of the scheme', () => {
    const env = { HTTP_PROXY: 'http://a:1', HTTPS_PROXY: 'http://b:2', NO_PROXY: 'c, d' };
    expect(proxyFor(https, env)).toEqual({ variable: 'HTTPS_PROXY', url: 'http://b:2', except: 'c, d' });
    const http = new URL('http://collector.example');
    expect(proxyFor(http, env)).toEqual({ variable: 'HTTP_PROXY', url: 'http://a:1', except: 'c, d' });
    expect(proxyFor(https, { HTTP_PROXY: 'http://a:1' })).toBeNull();
  });

  test('prefers the variable in lower case, unless it is empty', () => {
    expect(
      proxyFor(https, { https_proxy: 'b:2', HTTPS_PROXY: 'http://a:1', no_proxy: 'c', NO_PROXY: 'd' }),
    ).toEqual({
      variable: 'https_proxy',
      url: 'http://b:2',
      except: 'c',
    });
    expect(proxyFor(https, { https_proxy: ' ', HTTPS_PROXY: 'http://a:1' })).toEqual({
      variable: 'HTTPS_PROXY',
      url: 'http://a:1',
      except: '',
    });
  });

  test.each(['socks5://a:1', 'ftp://a', 'http://', 'http://a:99999'])('has no use for %s', (text) => {
    expect(proxyFor(https, { HTTPS_PROXY: text })).toMatchObject({ url: null });
  });
});
