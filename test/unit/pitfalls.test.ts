/** Each row of the pitfall tables has tests that fail when the pitfall is back. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { guards } from './pitfalls.ts';

/** It lies beside the project: where only that is checked out, there are no tables to compare with. */
const facts = new URL('../../../shared/facts/launcher.md', import.meta.url);

test.runIf(existsSync(facts))(
  'each row of facts/launcher.md has its tests, and no test a row there is not',
  () => {
    const tables = readFileSync(facts, 'utf8');
    const rows = [...tables.matchAll(/^\| ([A-Z]\d+) \|/gm)].flatMap(([, row]) => row ?? []);
    expect(rows).toContain('P1');
    const guarded = Object.keys(guards);
    expect(
      rows.filter((row) => !guarded.includes(row)),
      'rows without a test',
    ).toEqual([]);
    expect(
      guarded.filter((row) => !rows.includes(row)),
      'tests of a row there is not',
    ).toEqual([]);
  },
);

test.each(Object.entries(guards))('%s', (row, tests) => {
  expect(tests.length, `${row} has no test`).toBeGreaterThan(0);
  for (const [file, title] of tests) {
    const url = new URL(`../${file}`, import.meta.url);
    const source = existsSync(url) ? readFileSync(url, 'utf8') : '';
    expect(timesIn(source, title), `${row}: tests '${title}' in test/${file}`).toBe(1);
  }
});

/** How many tests and groups have this title; one that is skipped has none. */
function timesIn(source: string, title: string): number {
  const literal = title.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  // After `test(` itself, or after the brackets of `.each(…)` and `.runIf(…)`.
  const call = String.raw`(?:\b(?:test|it|describe)(?:\.(?!skip\b|todo\b)\w+)*|\))\(\s*`;
  return [...source.matchAll(new RegExp(`${call}(['"\`])${literal}\\1,`, 'g'))].length;
}
