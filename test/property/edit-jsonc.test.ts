import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { expect, test } from 'vitest';
import { memoryless, removeMembers, writeMembers } from '../../src/edit/jsonc/members.ts';

const own = [
  { path: ['env', 'X'], value: '1' },
  { path: ['env', 'Y'], value: 'two' },
  { path: ['telemetry'], value: { enabled: true, target: 'local' } },
];

/** White space and comments, as they may stand between any two tokens. */
const filler = fc.constantFrom(
  '',
  ' ',
  '\n',
  '\n  ',
  '\r\n\t',
  ' /* , } */ ',
  ' // "telemetry": {\n',
  '\n\n',
);
const key = fc.constantFrom('a', 'b', 'telemetry ', '//', 'x"y', 'ü');
const leaf = fc.oneof(
  fc.constantFrom('1', '-2.5e3', 'true', 'null', '[]', '{}', '[1, /* 2 */ 3]'),
  fc.constantFrom('', '/* no */', '"telemetry": {}', '\\', '👋').map((text) => JSON.stringify(text)),
);

/** The text of an object of these members, in random white space. */
function object(members: fc.Arbitrary<string[]>): fc.Arbitrary<string> {
  return members.chain((each) =>
    fc.array(filler, { minLength: 2 * each.length + 1, maxLength: 2 * each.length + 1 }).map((gaps) => {
      const parts = each.map((member, at) => `${gaps[2 * at]}${member}${gaps[2 * at + 1]}`);
      return `{${parts.join(',')}${gaps.at(-1)}}`;
    }),
  );
}

function members(more: fc.Arbitrary<string>[]): fc.Arbitrary<string[]> {
  const others = fc
    .uniqueArray(fc.tuple(key, filler, leaf), { selector: ([name]) => name, maxLength: 3 })
    .map((pairs) => pairs.map(([name, gap, value]) => `${JSON.stringify(name)}${gap}:${gap}${value}`));
  return fc
    .tuple(others, ...more.map((each) => fc.option(each, { nil: '' })))
    .chain(([first, ...rest]) => fc.shuffledSubarray([...first, ...rest.filter((each) => each !== '')]));
}

const env = object(members([fc.constant('"X": "0"'), fc.constant('"Y": "two"')])).map(
  (text) => `"env": ${text}`,
);
const telemetry = fc.constantFrom(
  '"telemetry": {}',
  '"telemetry" : { "enabled": false // no\n }',
  '"telemetry": 1',
);
const documents = fc
  .tuple(filler, object(members([env, telemetry])), filler)
  .map(([before, text, behind]) => before + text + behind);

const settings = (text: string) => JSON.parse(JSON.stringify(parse(text)));

test('members are there, and everything else says the same', () => {
  fc.assert(
    fc.property(documents, (json) => {
      const after = settings(writeMembers(json, own).text);
      const before = settings(json);
      const { env: variables = {}, ...rest } = before;
      expect(after).toEqual({
        ...rest,
        env: { ...variables, X: '1', Y: 'two' },
        telemetry: { enabled: true, target: 'local' },
      });
    }),
  );
});

test('members are taken out to the byte', () => {
  fc.assert(
    fc.property(documents, (json) => {
      const { text, memory } = writeMembers(json, own);
      if (memory.inserted.length + memory.replaced.length === 0) return;
      expect(removeMembers(text, own, memory, false)).toEqual({ kind: 'removed', text: json });
    }),
  );
});

test('members are taken out one by one where their text is not found, comments left', () => {
  fc.assert(
    fc.property(documents, (json) => {
      const { text, memory } = writeMembers(json, own);
      if (memory.inserted.length + memory.replaced.length === 0) return;
      const inserted = memory.inserted.map((each) => ({ ...each, text: `${each.text}?` }));
      const removal = removeMembers(text, own, { ...memory, inserted }, false);
      if (removal.kind !== 'removed') throw new Error(removal.kind);
      expect(withoutEmptyEnv(settings(removal.text))).toEqual(withoutEmptyEnv(settings(json)));
      expect(comments(removal.text)).toEqual(comments(json));
    }),
  );
});

test('without a memory everything that is ours goes, and nothing else', () => {
  fc.assert(
    fc.property(documents, (json) => {
      const removal = removeMembers(writeMembers(json, own).text, own, memoryless(own), false);
      if (removal.kind !== 'removed') throw new Error(removal.kind);
      const { env: variables = {}, telemetry: _, ...rest } = settings(json);
      const { X: _x, Y: _y, ...others } = variables;
      expect(withoutEmptyEnv(settings(removal.text))).toEqual(withoutEmptyEnv({ ...rest, env: others }));
    }),
  );
});

function withoutEmptyEnv({ env: variables = {}, ...rest }: Record<string, unknown>) {
  return Object.keys(variables as object).length === 0 ? rest : { ...rest, env: variables };
}

function comments(text: string): string[] {
  return text.match(/\/\* , \} \*\/|\/\/ "telemetry": \{|\/\/ no|\/\* 2 \*\//g) ?? [];
}
