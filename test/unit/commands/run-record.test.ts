import { expect, test } from 'vitest';
import { type RecordedRun, readRunRecord, runRecord } from '../../../src/commands/run-record.ts';
import type { RunOptions } from '../../../src/options/run-options.ts';

const token = 'Bearer made-up-0123456789';
const options = {
  traces: 'unified',
  traceScope: 'turn',
  sampleRate: 1,
  content: 'none',
  tags: { team: 'red' },
  attribution: ['repository'],
  forward: [
    { kind: 'http', url: 'https://a.example', headers: { authorization: token }, tls: null },
    { kind: 'http', url: 'http://b.example', headers: {}, tls: null },
    {
      kind: 'grpc',
      url: 'grpcs://c.example:4317',
      headers: {},
      tls: { ca: null, cert: '/c.pem', key: null },
    },
    { kind: 'file', path: '/tmp/out.jsonl' },
  ],
} as unknown as RunOptions;
const run: RecordedRun = {
  provider: 'codex',
  runId: 'run-1',
  startedAt: 5,
  cwd: '/p',
  cliVersion: '1.0.0',
  traceParent: null,
  parentRunId: null,
  options,
  overrides: new Map([['m', { input: 1, output: 2, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0 }]]),
};

test('a record goes to disk as JSON and comes back as it was', () => {
  const record = runRecord(run);
  expect(readRunRecord(JSON.parse(JSON.stringify(record)))).toEqual(record);
  expect(record.prices).toEqual([['m', expect.objectContaining({ input: 1 })]]);
});

test('no credential is in it, only that one is needed', () => {
  const record = runRecord(run);
  expect(JSON.stringify(record)).not.toContain(token);
  expect(record.destinations).toEqual([
    { kind: 'collector', url: 'https://a.example', needsHeaders: true },
    { kind: 'collector', url: 'http://b.example', needsHeaders: false },
    { kind: 'collector', url: 'grpcs://c.example:4317', needsHeaders: true },
    { kind: 'file', path: '/tmp/out.jsonl' },
  ]);
});

test.each([null, 'text', {}, { schema: 2, provider: 'codex' }, { schema: 1, provider: 'cursor' }])(
  'what another version wrote is not guessed at: %j',
  (value) => {
    expect(readRunRecord(value)).toBeNull();
  },
);
