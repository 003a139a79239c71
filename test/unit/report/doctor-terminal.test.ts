import { expect, test } from 'vitest';
import type { DoctorLink } from '../../../src/report/doctor-report.ts';
import { groupTitle, lastLine, linkLines } from '../../../src/report/doctor-terminal.ts';

const plain = { colour: false, titles: { codex: 'Codex CLI' }, home: '/home/u' };

function link(more: Partial<DoctorLink> = {}): DoctorLink {
  return {
    link: 'found',
    of: { what: 'cli', name: 'codex' },
    state: 'ok',
    ms: 12.3,
    text: '/home/u/bin/codex',
    problems: [],
    warnings: [],
    ...more,
  };
}

test('one line, its time at the right', () => {
  const [line, ...more] = linkLines(link(), plain);
  expect(more).toEqual([]);
  expect(line).toBe(`${'  ✓ found          ~/bin/codex'.padEnd(75)}12 ms`);
});

test('a mark for each state, and no time where nothing was waited for', () => {
  const heads = (['ok', 'broken', 'skipped'] as const).map((state) =>
    linkLines(link({ state, ms: null }), plain),
  );
  expect(heads.map(([line]) => line)).toEqual([
    '  ✓ found          ~/bin/codex',
    '  ✗ found          ~/bin/codex',
    '  – found          ~/bin/codex',
  ]);
});

test('problems and notes stand below, in the lines that they have, never wider than 80', () => {
  const problem = { kind: 'x', text: `${'word '.repeat(40)}\nInstall it with: ${'x'.repeat(120)}` };
  const warning = { kind: 'y', text: `${'note '.repeat(30)}` };
  const lines = linkLines(link({ state: 'broken', problems: [problem], warnings: [warning] }), plain);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines.slice(1).every((line) => line.startsWith(' '.repeat(19)))).toBe(true);
  expect(lines.filter((line) => line.includes('Install'))).toHaveLength(1);
  expect(lines.filter((line) => line.includes('! note'))).toHaveLength(1);
  expect(lines.join('').replaceAll(' ', '')).toContain('x'.repeat(120));
});

test('colour goes around the words only, and what others said steers no terminal', () => {
  const [line = '', problem] = linkLines(
    link({ state: 'broken', text: 'a\u001b[2Jb', problems: [{ kind: 'x', text: 'bad\u0007' }] }),
    { ...plain, colour: true },
  );
  expect(line).toContain('\u001b[31m✗\u001b[39m');
  expect(line).not.toContain('[2J\u001b');
  expect(line).toContain('a [2Jb');
  expect(problem).toBe(`${' '.repeat(19)}\u001b[31mbad\u001b[39m`);
});

test('what belongs together has one title', () => {
  expect(groupTitle({ what: 'ai-trace' }, plain)).toBe('ai-trace');
  expect(groupTitle({ what: 'cli', name: 'codex' }, plain)).toBe('Codex CLI');
  expect(groupTitle({ what: 'destination', name: 'http://a' }, plain)).toBe('Destinations');
  expect(groupTitle({ what: 'store', name: 'loki' }, plain)).toBe('Stores');
});

test('the last line counts', () => {
  const note = { kind: 'y', text: '' };
  const links = [link(), link({ state: 'broken' }), link({ state: 'broken', warnings: [note] })];
  expect(lastLine({ links, duration_ms: 4321 })).toBe('2 links broken, 1 note. 4.3 s, no tokens.');
  expect(lastLine({ links: [link()], duration_ms: 80 })).toBe('No link is broken. 80 ms, no tokens.');
});
