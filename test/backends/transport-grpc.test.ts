import { fileURLToPath } from 'node:url';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { countRecords } from '../../src/otlp/count.ts';
import { encodeProtobuf } from '../../src/otlp/protobuf.ts';
import { Payload } from '../../src/pipeline/delivery/payload.ts';
import { providers } from '../../src/providers/index.ts';
import { type Exported, readExported, startOtelcol } from '../support/backends/otelcol.ts';
import { replay } from '../support/replay.ts';
import { exportLogs, transportTo } from '../support/transports.ts';

const captures = fileURLToPath(new URL('../fixtures/captures', import.meta.url));
const otelcol = inject('collector');

describe.skipIf(otelcol === null)("a real collector's gRPC receiver", () => {
  async function start() {
    if (!otelcol) throw new Error('no collector');
    const collector = await startOtelcol(otelcol);
    onTestFinished(() => collector.remove());
    return collector;
  }

  test.each([
    ['codex', 'exec-tool'],
    ['gemini', 'headless-plain'],
    ['claude', 'print-plain'],
  ] as const)('takes and keeps all of %s/%s', async (id, name) => {
    const { sent } = await replay(providers[id], `${captures}/${id}/${name}`);
    const collector = await start();
    const transport = await transportTo(collector.grpcUrl);
    for (const { signal, request } of sent) {
      const payload = Payload.plain(encodeProtobuf(signal, request as never));
      const answer = await transport.export(signal, payload, new AbortController().signal);
      expect(answer).toMatchObject({ kind: 'taken', rejected: 0, message: '' });
    }
    await collector.stop();
    expect(counts(await readExported(collector.folder))).toEqual(counts(sent));
  });

  test('says what is bad data, and is missed when it has ended', async () => {
    const collector = await start();
    const transport = await transportTo(collector.grpcUrl);
    const { signal } = new AbortController();
    const unreadable = Payload.plain(Buffer.from([0xff, 0xff, 0xff]));
    expect(await transport.export('logs', unreadable, signal)).toMatchObject({ kind: 'bad_data' });
    expect(await exportLogs(transport, 'x'.repeat(4 * 1024 * 1024))).toMatchObject({ kind: 'bad_data' });
    expect(await exportLogs(transport)).toMatchObject({ kind: 'taken' });
    await collector.stop();
    expect(await exportLogs(transport)).toMatchObject({ kind: 'unavailable', answered: false });
  });
});

function counts(requests: readonly Exported[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const { signal, request } of requests) {
    total[signal] = (total[signal] ?? 0) + countRecords(signal, request as never);
  }
  return total;
}
