import { expect, test } from 'vitest';
import { homeFolder } from '../../../src/commands/home.ts';

test.each([
  ['/home/u', '/home/u'],
  ['', '/home/registered'],
  ['relative', '/home/registered'],
])('with HOME=%j it is %s', (home, expected) => {
  expect(homeFolder(home, () => '/home/registered')).toBe(expected);
});
