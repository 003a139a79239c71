import fc from 'fast-check';
import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { statements } from '../../src/edit/toml/statements.ts';
import { insertTable, removeTable, switchOff, switchOn } from '../../src/edit/toml/table.ts';

const table = { name: 'otel', lines: ['exporter = "none"', 'nested = { a = [1, 2] }'] };

const text = fc.constantFrom('', 'otel', '[otel]', 'a = "b"', '# no', '] }', "it's", 'ü 👋', '\\');
const value = fc.oneof(
  text.map((each) => JSON.stringify(each)),
  text.filter((each) => !each.includes("'")).map((each) => `'${each}'`),
  text.map((each) => `"""\n${each.replaceAll('\\', '\\\\')}\n[otel]\n"quoted" """`),
  text.map((each) => `'''\n[otel]\n${each}'''`),
  text.map((each) => `[ # ${each}\n  ${JSON.stringify(each)}, # ]\n\n]`),
  text.map((each) => `{ a = ${JSON.stringify(each)}, "[otel]" = { b = 1 } }`),
  fc.constantFrom('1', '-0.5e3', 'true', '1979-05-27T07:32:00Z', 'nan', '07:32:00', '0xff'),
);
const margin = fc.constantFrom('', ' ', '\t', '  # otel = 1', ' # [otel]');
const gap = fc.constantFrom('', '\n', '# comment\n', '  \n', '#[otel]\n\n');

/** Statements with names of their own, so that whatever order they are in nothing is there twice. */
function block(prefix: string, header: (at: number) => string) {
  return fc
    .array(fc.tuple(value, margin, gap), { maxLength: 4 })
    .chain((pairs) =>
      fc
        .tuple(margin, gap)
        .map(([behind, below]) =>
          [
            `${header(pairs.length)}${behind}\n${below}`,
            ...pairs.map(([each, end, then], at) => `  ${prefix}${at} = ${each}${end}\n${then}`),
          ].join(''),
        ),
    );
}

const roots = fc
  .array(fc.tuple(value, margin, gap), { maxLength: 4 })
  .map((pairs) => pairs.map(([each, end, then], at) => `root${at}.key = ${each}${end}\n${then}`).join(''));
const others = fc.tuple(
  block('a', () => '[first]'),
  block('b', () => '[ "second table" . x ]'),
  block('c', () => '[[list]]'),
);
const foreign = fc.oneof(
  fc.constant(''),
  block('o', () => '[otel]'),
  block('o', () => '[ "otel".exporter ]'),
);

const documents = fc
  .record({
    roots,
    dotted: fc.constantFrom('', 'otel.environment = "dev"\n', "'otel' . x = [\n1 ]\n"),
    others,
    foreign,
    at: fc.integer({ min: 0, max: 3 }),
    lineBreak: fc.constantFrom('\n', '\r\n'),
    mark: fc.constantFrom('', '\ufeff'),
    isCut: fc.boolean(),
  })
  .map(({ roots: first, dotted, others: tables, foreign: own, at, lineBreak, mark, isCut }) => {
    const blocks = [...tables.slice(0, at), dotted === '' ? own : '', ...tables.slice(at)];
    const whole = (first + dotted + blocks.join('')).replaceAll('\n', lineBreak);
    return mark + (isCut ? whole.replace(/\r?\n$/, '') : whole);
  });

/** What a document says, apart from the table. */
function outside(toml: string) {
  const { otel: _, ...rest } = parse(toml);
  return rest;
}

describe('a table in TOML', () => {
  test('is there, and everything else says the same', () => {
    fc.assert(
      fc.property(documents, (toml) => {
        const after = insertTable(switchOff(toml, 'otel'), table);
        expect(outside(after)).toEqual(outside(toml));
        expect(parse(after)['otel']).toEqual({ exporter: 'none', nested: { a: [1, 2] } });
      }),
    );
  });

  test('is taken out to the byte', () => {
    fc.assert(
      fc.property(documents, (toml) => {
        const removal = removeTable(insertTable(switchOff(toml, 'otel'), table), table, false);
        expect(removal.kind === 'removed' && switchOn(removal.text)).toBe(toml);
      }),
    );
  });

  test('is taken out from in front of what came later', () => {
    fc.assert(
      fc.property(
        documents,
        block('z', () => '[later]'),
        (toml, later) => {
          const whole = toml.endsWith('\n') ? toml : `${toml}\n`;
          const removal = removeTable(
            `${insertTable(switchOff(whole, 'otel'), table)}${later}`,
            table,
            false,
          );
          expect(removal.kind === 'removed' && switchOn(removal.text)).toBe(whole + later);
        },
      ),
    );
  });
});

test('statements do not overlap, and what is between them is empty or a comment', () => {
  fc.assert(
    fc.property(documents, (toml) => {
      let at = 0;
      let between = '';
      for (const { start, end } of statements(toml)) {
        expect(start).toBeGreaterThanOrEqual(at);
        between += toml.slice(at, start);
        at = end;
      }
      between += toml.slice(at);
      expect(between.replace(/^\ufeff/, '')).toMatch(/^(\s*(#[^\n]*)?(\n|$))*$/);
    }),
  );
});
