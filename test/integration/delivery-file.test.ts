import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decodeJson } from '../../src/otlp/json.ts';
import type { ExportRequest } from '../../src/otlp/types.ts';
import { FileDestination } from '../../src/pipeline/delivery/file-destination.ts';
import { outgoing } from '../../src/pipeline/delivery/outgoing.ts';
import { comparable, decoded } from '../unit/otlp/comparable.ts';

let folder: string;
let path: string;
/** Names of the requests that are settled. */
let settled: string[];
beforeEach(() => {
  settled = [];
  folder = mkdtempSync(join(tmpdir(), 'ai-trace-file-'));
  path = join(folder, 'sent.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

function logs(name: string): ExportRequest {
  const logRecords = [{ eventName: name, attributes: [{ key: 'k', value: { stringValue: 'one\ntwo' } }] }];
  return { resourceLogs: [{ scopeLogs: [{ logRecords }] }] };
}

function send(to: FileDestination, name: string, records: number): void {
  to.send(outgoing({ signal: 'logs', request: logs(name), records, settled: () => void settled.push(name) }));
}

const lines = () => readFileSync(path, 'utf8').split('\n');

test('each request is one line that reads as the request again', async () => {
  const to = new FileDestination(path);
  send(to, 'a', 1);
  send(to, 'b', 1);
  await to.close(5000);
  const [first = '', second = '', end] = lines();
  expect(comparable(decoded(decodeJson('logs', first)))).toEqual(comparable(logs('a')));
  expect(comparable(decoded(decodeJson('logs', second)))).toEqual(comparable(logs('b')));
  expect(end).toBe('');
  expect(settled).toEqual(['a', 'b']);
  expect(to.report()).toEqual({
    ...{ url: `file:${path}`, state: 'ok', lastError: null, refusedReason: null },
    ...{ requests: 2, bytes: statSync(path).size, dropped: 0, setAside: 0, spooled: 0, drained: 0 },
  });
});

test('what is in the file stays, and a new file is the user’s alone', async () => {
  const before = new FileDestination(path);
  send(before, 'a', 1);
  await before.close(5000);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const after = new FileDestination(path);
  send(after, 'b', 1);
  await after.close(5000);
  expect(lines().map((line) => /"eventName":"(\w)"/.exec(line)?.[1])).toEqual(['a', 'b', undefined]);
});

test.each([
  ['in a folder that is not there', (root: string) => join(root, 'gone', 'x'), 'ENOENT'],
  ['that is a folder', (root: string) => join(root, 'folder'), 'EISDIR'],
  ['below a file', (root: string) => join(root, 'file', 'x'), 'ENOTDIR'],
])('a path %s is told, and what was for it is dropped', async (_, place, code) => {
  mkdirSync(join(folder, 'folder'));
  writeFileSync(join(folder, 'file'), '');
  const to = new FileDestination(place(folder));
  send(to, 'a', 3);
  await new Promise((resolve) => setTimeout(resolve, 50));
  send(to, 'b', 4);
  await to.close(5000);
  expect(to.report()).toMatchObject({
    state: 'unreachable',
    lastError: code,
    requests: 0,
    bytes: 0,
    dropped: 7,
  });
  expect(settled).toEqual(['a', 'b']);
});

test('closing at once, or without anything sent, loses nothing and does not hang', async () => {
  const to = new FileDestination(path);
  await to.close(60_000);
  expect(to.report()).toMatchObject({ state: 'ok', requests: 0 });
  expect(readFileSync(path, 'utf8')).toBe('');
});

test('what cannot be written after closing is dropped', async () => {
  const to = new FileDestination(path);
  await to.close(5000);
  send(to, 'late', 2);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(to.report().dropped).toBe(2);
  expect(settled).toEqual(['late']);
});
