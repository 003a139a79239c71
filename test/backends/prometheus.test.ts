/** The real Prometheus takes OTLP by itself, as Mimir does: it refuses a whole request for one sample that is older than the last. */
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { encodeProtobuf } from '../../src/otlp/protobuf.ts';
import { Payload } from '../../src/pipeline/delivery/payload.ts';
import { providers } from '../../src/providers/index.ts';
import { startPrometheus } from '../support/backends/prometheus.ts';
import { recordings } from '../support/backends/recordings.ts';
import { replay } from '../support/replay.ts';
import { transportTo } from '../support/transports.ts';

const prometheus = inject('prometheus');

describe.skipIf(prometheus === null)("Prometheus' own receiver of OTLP", () => {
  test.each(Object.values(providers))('takes every part of the metrics of $id', async (provider) => {
    const { sent } = await replay(provider, recordings[provider.serviceName as keyof typeof recordings].dir);
    const metrics = sent.flatMap(({ request }) => ('resourceMetrics' in request ? [request] : []));
    expect(metrics.length).toBeGreaterThan(0);
    const store = await startPrometheus(prometheus ?? '');
    onTestFinished(() => store.remove());
    const transport = await transportTo(`${store.url}/api/v1/otlp`);
    for (const request of metrics) {
      const payload = Payload.plain(encodeProtobuf('metrics', request));
      const answer = await transport.export('metrics', payload, new AbortController().signal);
      expect(answer).toMatchObject({ kind: 'taken', rejected: 0 });
    }
  });
});
