import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSpool } from '../../src/commands/disk.ts';
import { recoverRuns } from '../../src/commands/recover.ts';
import { runRecord } from '../../src/commands/run-record.ts';
import { type FilePaths, filePaths } from '../../src/files/paths.ts';
import type { RunOptions } from '../../src/options/run-options.ts';
import { text } from '../../src/otlp/attributes.ts';
import { countRecords } from '../../src/otlp/count.ts';
import { decodeProtobuf } from '../../src/otlp/protobuf.ts';
import type { ExportRequest, Signal } from '../../src/otlp/types.ts';
import { Journal } from '../../src/pipeline/spool/journal.ts';
import { orphans } from '../../src/pipeline/spool/orphans.ts';
import { createOwner } from '../../src/pipeline/spool/owner.ts';
import type { Spool } from '../../src/pipeline/spool/spool.ts';
import { providers } from '../../src/providers/index.ts';
import type { Receipt } from '../../src/report/receipt.ts';
import { totalsOf } from '../../src/session/totals.ts';
import { type Recorded, readRecording, replayRequests } from '../support/replay.ts';

const captures = fileURLToPath(new URL('../fixtures/captures', import.meta.url));
const url = 'http://collector.example:4318';
const runId = '0b0f2a1e-0000-4000-8000-000000000001';

let home: string;
let paths: FilePaths;
let spool: Spool;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ai-trace-recovery-'));
  paths = filePaths({ env: {}, platform: 'linux', home, uid: 1 });
  spool = openSpool(paths.spoolDir, 100 * 1024 * 1024);
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A process that was there and is not any more. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

/** The journal that a killed run has left of these requests. */
function killedRun(provider: keyof typeof providers, requests: readonly Recorded[], settled: number[] = []) {
  const options = {
    traces: 'unified',
    traceScope: 'turn',
    sampleRate: 1,
    content: 'none',
    tags: {},
    attribution: [],
    forward: [{ kind: 'http', url, headers: {}, tls: null }],
  } as unknown as RunOptions;
  const about = runRecord({
    provider,
    runId,
    startedAt: requests[0]?.at ?? 0,
    cwd: home,
    cliVersion: null,
    traceParent: null,
    parentRunId: null,
    options,
    overrides: new Map(),
  });
  const journal = Journal.open({ dir: paths.spoolDir, runId, owner: createOwner(deadPid(), null), about });
  for (const request of requests) {
    const frame = journal.append(request);
    if (settled.includes(frame)) journal.settled(frame);
  }
  // The mark of the last one goes with an append.
  if (settled.length > 0) journal.append({ ...nothing, at: requests.at(-1)?.at ?? 0 });
  return journal;
}

const nothing: Recorded = {
  signal: 'logs',
  contentType: 'application/x-protobuf',
  contentEncoding: undefined,
  body: Buffer.alloc(0),
  at: 0,
};

function spooled(): { signal: Signal; request: ExportRequest }[] {
  return spool.waiting().map((waiting) => {
    const entry = waiting.claim();
    const body = entry?.read();
    if (!entry || !body) throw new Error('an entry that cannot be read');
    expect(entry.destination).toBe(url);
    const decoded = decodeProtobuf(entry.signal, gunzipSync(body));
    if (!decoded.ok) throw new Error('an entry that is no request');
    return { signal: entry.signal, request: decoded.request };
  });
}

function readReceipts(): Receipt[] {
  const months = join(home, '.local/state/ai-trace/sessions');
  return readdirSync(months).flatMap((month) =>
    readdirSync(join(months, month)).map((file) =>
      JSON.parse(readFileSync(join(months, month, file), 'utf8')),
    ),
  );
}

const recordsOf = (sent: readonly { signal: Signal; request: ExportRequest }[]) =>
  sent.reduce((sum, { signal, request }) => sum + countRecords(signal, request), 0);

const scenarios = [
  ['codex', 'exec-tool'],
  ['gemini', 'headless-shell-tool'],
  ['claude', 'print-bash-tool'],
] as const;

describe.each(scenarios)('a killed run of %s', (id, scenario) => {
  const requests = readRecording(join(captures, id, scenario));

  test('gets its receipt, with the figures of a run that was not killed', async () => {
    killedRun(id, requests);
    expect(await recoverRuns(paths, spool)).toEqual({ finished: 1, refused: 0 });

    const { session } = await replayRequests(providers[id], requests);
    const totals = totalsOf(session);
    const [receipt] = readReceipts();
    expect(receipt).toMatchObject({
      run_id: runId,
      exit: { code: null, signal: null },
      turns: totals.turns,
      llm_calls: totals.llmCalls,
      tool_calls: totals.toolCalls,
      cost: { usd: totals.cost.usd },
    });
    expect(receipt?.warnings).toEqual([expect.stringMatching(/^ai-trace was ended before/)]);
    expect(receipt?.telemetry.spooled).toBe(recordsOf(spooled()));
  });

  test('leaves to the spool all that it had not delivered, and its own spans and summary', async () => {
    killedRun(id, requests);
    await recoverRuns(paths, spool);
    const sent = spooled();
    const names = sent.flatMap(({ request }) =>
      'resourceLogs' in request
        ? request.resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords))
        : [],
    );
    const native = await replayRequests(providers[id], requests);
    const nativeLogs = native.sent.filter(({ signal }) => signal === 'logs');
    expect(names).toHaveLength(recordsOf(nativeLogs) + 1);
    expect(names.at(-1)?.eventName ?? '').toBe('ai_trace.session.summary');
    const spans = sent.flatMap(({ request }) =>
      'resourceSpans' in request
        ? request.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((each) => each.spans))
        : [],
    );
    expect(spans.map(({ attributes }) => text(attributes, 'openinference.span.kind'))).toContain('CHAIN');
  });

  test('sends nothing again that every destination had', async () => {
    const logs = requests.flatMap(({ signal }, i) => (signal === 'logs' ? [i] : []));
    killedRun(id, requests, logs);
    await recoverRuns(paths, spool);
    const logRecords = recordsOf(spooled().filter(({ signal }) => signal === 'logs'));
    // The summary alone.
    expect(logRecords).toBe(1);
  });
});

test('is finished once', async () => {
  killedRun('codex', readRecording(join(captures, 'codex/exec-plain')));
  expect(await recoverRuns(paths, spool)).toEqual({ finished: 1, refused: 0 });
  const left = spool.waiting().length;
  expect(await recoverRuns(paths, spool)).toEqual({ finished: 0, refused: 0 });
  expect(spool.waiting()).toHaveLength(left);
});

test('that had its receipt already keeps it', async () => {
  const requests = readRecording(join(captures, 'codex/exec-plain'));
  const month = new Date(requests[0]?.at ?? 0).toISOString().slice(0, 7);
  mkdirSync(paths.sessionsDir(month), { recursive: true });
  writeFileSync(join(paths.sessionsDir(month), `${runId}.json`), '{"schema":1}');
  killedRun('codex', requests);
  await recoverRuns(paths, spool);
  expect(readReceipts()).toEqual([{ schema: 1 }]);
});

test('that lives is left alone', async () => {
  const about = {};
  const owner = createOwner(process.pid, null);
  const journal = Journal.open({ dir: paths.spoolDir, runId, owner, about });
  journal.append({ ...nothing, body: Buffer.from('x') });
  expect(await recoverRuns(paths, spool)).toEqual({ finished: 0, refused: 0 });
  journal.close();
});

test('is left for later when the time is up', async () => {
  killedRun('codex', readRecording(join(captures, 'codex/exec-tool')));
  const stop = new AbortController();
  stop.abort();
  expect(await recoverRuns(paths, spool, { abort: stop.signal })).toEqual({ finished: 0, refused: 0 });
  expect(await recoverRuns(paths, spool)).toEqual({ finished: 1, refused: 0 });
});

test('that every process has died of is laid aside and told of, and finished when somebody asks for it', async () => {
  killedRun('codex', readRecording(join(captures, 'codex/exec-tool')));
  for (let i = 0; i < 3; i += 1) orphans(paths.spoolDir, createOwner(deadPid(), null))[0]?.claim();
  expect(await recoverRuns(paths, spool)).toEqual({ finished: 0, refused: 1 });
  expect(await recoverRuns(paths, spool)).toEqual({ finished: 0, refused: 0 });
  expect(await recoverRuns(paths, spool, { insists: true })).toEqual({ finished: 1, refused: 0 });
  expect(readReceipts()).toMatchObject([{ run_id: runId }]);
  expect(spool.waiting().length).toBeGreaterThan(0);
});
