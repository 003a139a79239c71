import { describe, expect, test } from 'vitest';
import { type ConfigCheck, checkText, configText, misuseText } from '../../../src/report/config-messages.ts';

const of = { id: 'codex', title: 'Codex CLI', file: '/home/u/.codex/config.toml' };
const endpoint = 'http://127.0.0.1:4318';

describe('what was done', () => {
  test('names the backup, what was replaced, and what is sent all the same', () => {
    const text = configText(of, {
      kind: 'written',
      endpoint,
      replaced: ['otel.environment'],
      backup: '/state/before',
      stillSent: ['tool_arguments', 'account'],
    });
    expect(text.split('\n')).toEqual([
      `Codex CLI: ${of.file} now exports to ${endpoint}, with content switched off.`,
      'Out of force: otel.environment.',
      'Sent all the same: the arguments of tools, file contents among them; your e-mail address where you are logged in with an account. Only a run by ai-trace takes it out.',
      'The text before is in /state/before.',
      'Take it out again with: ai-trace config --provider codex --undo',
    ]);
  });

  test('names some of many keys', () => {
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    expect(configText(of, { kind: 'foreign', keys })).toBe(
      `ai-trace: Codex CLI: ${of.file} has telemetry settings of its own: a, b, c, d, e and 2 more. With --force they are put out of force, and --undo brings them back.\nNothing was changed.`,
    );
  });

  test.each([
    [{ kind: 'unparsable', line: 3, reason: 'value expected' }, /line 3: value expected/],
    [{ kind: 'read_only' }, /chmod u\+w \/home\/u\/\.codex\/config\.toml/],
    [{ kind: 'failed', reason: 'EROFS' }, /EROFS/],
  ] as const)('says that nothing was changed, and why: %j', (refusal, why) => {
    expect(configText(of, refusal)).toMatch(why);
    expect(configText(of, refusal)).toMatch(/\nNothing was changed\.$/);
  });
});

describe('what a file says', () => {
  const good: ConfigCheck = {
    kind: 'checked',
    endpoint,
    elsewhere: endpoint,
    differences: [],
    overrides: [],
  };

  test.each<[string, ConfigCheck, string]>([
    ['all is well', good, `exports to ${endpoint}, with content switched off.`],
    [
      'something wins over it',
      { ...good, overrides: [{ layer: 'environment', keys: ['GEMINI_TELEMETRY_ENABLED'] }] },
      'but that is not what counts:\n  the environment wins: GEMINI_TELEMETRY_ENABLED. Unset it where your shell sets it.',
    ],
    [
      'it sends elsewhere',
      { ...good, elsewhere: 'http://x', differences: ['otel.exporter'] },
      '(it names http://x); missing or different: otel.exporter.',
    ],
    ['it says nothing', { ...good, elsewhere: null, differences: ['a'] }, 'does not export telemetry.'],
    ['there is none', { kind: 'no_file' }, `there is no ${of.file}`],
  ])('when %s', (_, check, text) => {
    expect(checkText(of, check)).toContain(text);
  });
});

test('words that do not go together are named', () => {
  expect(misuseText({ kind: 'several_modes', modes: ['write', 'undo'] })).toMatch(
    /^ai-trace: --write and --undo do not go together\./,
  );
});
