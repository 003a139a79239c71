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

  const proxyOf = (url: URL, env: NodeJS.ProcessEnv) => {
    const found = proxyFor(url, env);
    return found && `${found.variable} ${found.url?.origin}`;
  };

  test('is that of the scheme', () => {
    const env = { HTTP_PROXY: 'http://a:1', HTTPS_PROXY: 'https://b:2' };
    expect(proxyOf(https, env)).toBe('HTTPS_PROXY https://b:2');
    expect(proxyOf(new URL('http://collector.example'), env)).toBe('HTTP_PROXY http://a:1');
    expect(proxyFor(https, { HTTP_PROXY: 'http://a:1' })).toBeNull();
  });

  test('prefers the variable in lower case, unless it is empty', () => {
    expect(proxyOf(https, { https_proxy: 'b:2', HTTPS_PROXY: 'http://a:1' })).toBe('https_proxy http://b:2');
    expect(proxyOf(https, { https_proxy: ' ', HTTPS_PROXY: 'http://a:1' })).toBe('HTTPS_PROXY http://a:1');
  });

  test('is none for a host in NO_PROXY, where the variable in lower case is the stronger too', () => {
    const env = { HTTPS_PROXY: 'http://a:1', NO_PROXY: 'collector.example' };
    expect(proxyFor(https, env)).toBeNull();
    expect(proxyOf(https, { ...env, no_proxy: 'other' })).toBe('HTTPS_PROXY http://a:1');
    expect(proxyFor(https, { ...env, HTTPS_PROXY: 'socks5://a:1' })).toBeNull();
  });

  test.each(['socks5://a:1', 'ftp://a', 'http://', 'http://a:99999'])('has no use for %s', (text) => {
    expect(proxyFor(https, { HTTPS_PROXY: text })).toMatchObject({ url: null });
  });
});
