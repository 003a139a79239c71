import { describe, expect, test } from 'vitest';
import type { CliRun } from '../../../../src/commands/doctor/cli-run.ts';
import { runLinks } from '../../../../src/commands/doctor/run-links.ts';
import { clis } from '../../../../src/providers/clis.ts';

const fine: CliRun = {
  end: { kind: 'ended', status: { code: 1, signal: null }, said: '' },
  endedMs: 900,
  askedMs: 500,
  receivedMs: 300,
  conflicts: [],
  received: { logs: 5, spans: 300, metricPoints: 90, undecodable: 0 },
  understood: { sessionId: 'a', prompts: 1, failures: 1, tookMs: 3 },
};
const nothing = { logs: 0, spans: 0, metricPoints: 0, undecodable: 0 };

function links(run: Partial<CliRun>) {
  const cli = { provider: clis.codex, file: '/bin/codex', version: '9.0.0', setAside: [] };
  const all = runLinks({ ...fine, ...run }, { what: 'cli', name: 'codex' }, cli);
  return all.map(({ link, state, problems, warnings }) => ({
    link,
    state,
    kinds: [...problems, ...warnings].map(({ kind }) => kind),
  }));
}

test('a CLI that asked, sent and was understood', () => {
  expect(links({})).toEqual([
    { link: 'started', state: 'ok', kinds: [] },
    { link: 'received', state: 'ok', kinds: [] },
    { link: 'understood', state: 'ok', kinds: [] },
  ]);
});

test('one that asked and sent nothing', () => {
  expect(links({ received: nothing, receivedMs: null })).toEqual([
    { link: 'started', state: 'ok', kinds: [] },
    { link: 'received', state: 'broken', kinds: ['nothing_received'] },
    { link: 'understood', state: 'skipped', kinds: [] },
  ]);
});

test('one that kept a signal back without a reason that is known', () => {
  const [, received] = links({ received: { ...fine.received, metricPoints: 0 } });
  expect(received).toEqual({ link: 'received', state: 'ok', kinds: ['signals_missing'] });
});

test('one whose words have changed', () => {
  const understood = { sessionId: null, prompts: 0, failures: 0, tookMs: 1 };
  expect(links({ understood })[2]).toEqual({
    link: 'understood',
    state: 'broken',
    kinds: ['not_understood'],
  });
});

test('one whose requests cannot be read', () => {
  const received = { ...nothing, undecodable: 2 };
  const understood = { sessionId: null, prompts: 0, failures: 0, tookMs: 1 };
  expect(links({ received, understood })[2]?.kinds).toEqual(['not_understood']);
});

describe('one that never asked its model', () => {
  const silent = { askedMs: null, received: nothing, receivedMs: null };

  test.each<[CliRun['end'], string]>([
    [{ kind: 'timeout' }, 'cli_timeout'],
    [{ kind: 'not_started', reason: 'EACCES' }, 'cli_not_started'],
    [{ kind: 'ended', status: { code: null, signal: 'SIGSEGV' }, said: '' }, 'cli_failed'],
  ])('%j', (end, kind) => {
    expect(links({ ...silent, end })).toEqual([
      { link: 'started', state: 'broken', kinds: [kind] },
      { link: 'received', state: 'skipped', kinds: [] },
      { link: 'understood', state: 'skipped', kinds: [] },
    ]);
  });
});

test('a setting that takes one signal elsewhere breaks the chain, and is told once', () => {
  const run = links({
    conflicts: [{ kind: 'client_certificate', signals: ['traces'] }],
    received: { ...fine.received, spans: 0 },
  });
  expect(run).toEqual([
    { link: 'started', state: 'broken', kinds: ['client_certificate'] },
    { link: 'received', state: 'ok', kinds: [] },
    { link: 'understood', state: 'ok', kinds: [] },
  ]);
});

test.each([
  ['', /before it asked its model\. Run it/],
  ['warning: one\nError: first\n  in `key`\n', /It said: ‘Error: first in `key`’\. Run it/],
  ['nothing of that\nthe last\n', /It said: ‘the last’\. Run it/],
])('what it says at its end: %j', (said, text) => {
  const end = { kind: 'ended', status: { code: 2, signal: null }, said } as const;
  const run = { ...fine, askedMs: null, received: nothing, end };
  const cli = { provider: clis.codex, file: '/bin/codex', version: null, setAside: [] };
  const [started] = runLinks(run, { what: 'cli', name: 'codex' }, cli);
  expect(started?.problems[0]?.text).toMatch(text);
});
