import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Recording } from '../../../src/pipeline/recording.ts';
import { readRecording } from '../../support/replay.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ai-trace-recording-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const received = {
  signal: 'logs',
  contentType: 'application/x-protobuf',
  contentEncoding: 'gzip',
  body: Buffer.from([1, 2, 3]),
  at: 1_763_000_000_000,
} as const;

test('what was recorded reads as it came, in order', () => {
  const recording = new Recording(join(folder, 'a', 'b'));
  const json = {
    ...received,
    signal: 'traces',
    contentType: 'application/json',
    contentEncoding: undefined,
  } as const;
  recording.keep(received);
  recording.keep(json);
  expect(readRecording(join(folder, 'a', 'b'))).toEqual([received, json]);
  expect(readdirSync(join(folder, 'a', 'b')).sort()).toEqual([
    '0001-logs.meta.json',
    '0001-logs.pb',
    '0002-traces.json',
    '0002-traces.meta.json',
  ]);
});

test('only the user can read it', () => {
  new Recording(join(folder, 'a')).keep(received);
  expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(join(folder, 'a'))) {
    expect(statSync(join(folder, 'a', name)).mode & 0o777).toBe(0o600);
  }
});

test('the headers that are kept are those of the body alone', () => {
  new Recording(folder).keep(received);
  const meta = JSON.parse(readFileSync(join(folder, '0001-logs.meta.json'), 'utf8'));
  expect(meta.headers).toEqual({ 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' });
  expect(meta.body_bytes).toBe(3);
});

test('a folder that cannot be made is told', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => new Recording(join(folder, 'file', 'below'))).toThrow(/ENOTDIR/);
});
