import { expect, test } from 'vitest';
import { isSpared } from '../../../../../src/pipeline/delivery/transport/no-proxy.ts';

test.each([
  ['*', 'http://collector.example'],
  ['collector.example', 'http://collector.example'],
  ['COLLECTOR.example', 'http://Collector.Example'],
  ['a, b collector.example', 'http://collector.example:4318'],
  ['a,,collector.example,', 'http://collector.example'],
  ['example', 'http://collector.example'],
  ['.example', 'http://collector.example'],
  ['*.example', 'http://collector.example'],
  ['.collector.example', 'http://collector.example'],
  ['example', 'http://a.collector.example'],
  ['collector.example:4318', 'http://collector.example:4318'],
  ['collector.example:80', 'http://collector.example'],
  ['collector.example:443', 'https://collector.example'],
  ['.example:443', 'https://collector.example'],
  ['10.0.0.1', 'http://10.0.0.1:4318'],
  ['[fd00::1]', 'http://[fd00::1]:4318'],
  ['[fd00::1]:4318', 'http://[fd00::1]:4318'],
])('NO_PROXY=%s spares %s the proxy', (noProxy, url) => {
  expect(isSpared(new URL(url), noProxy)).toBe(true);
});

test.each([
  ['', 'http://collector.example'],
  [', ', 'http://collector.example'],
  ['.', 'http://collector.example'],
  ['other.example', 'http://collector.example'],
  ['ector.example', 'http://collector.example'],
  ['collector.example', 'http://mycollector.example'],
  ['collector.example', 'http://collector.example.org'],
  ['a.collector.example', 'http://collector.example'],
  ['collector.example:4317', 'http://collector.example:4318'],
  ['collector.example:443', 'http://collector.example'],
  ['other, *', 'http://collector.example'],
  ['col*.example', 'http://collector.example'],
])('NO_PROXY=%s does not spare %s the proxy', (noProxy, url) => {
  expect(isSpared(new URL(url), noProxy)).toBe(false);
});
