import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from 'node:net';
import { Metadata, status } from '@grpc/grpc-js';
import protobuf from 'protobufjs/light.js';
import { describe, expect, onTestFinished, test } from 'vitest';
import { decodeProtobuf } from '../../src/otlp/protobuf.ts';
import { responseTypes } from '../../src/otlp/schema.ts';
import { Payload } from '../../src/pipeline/delivery/payload.ts';
import { closedUrl } from '../support/collector.ts';
import { type GrpcReply, startGrpcCollector } from '../support/grpc-collector.ts';
import { exportLogs, transportTo } from '../support/transports.ts';
import { decoded } from '../unit/otlp/comparable.ts';

async function start(reply?: GrpcReply) {
  const { port, requests } = await startGrpcCollector(undefined, reply);
  return { url: `grpc://127.0.0.1:${port}`, requests };
}

/** Exports once to a collector that fails like this. */
async function answerTo(code: status, details = 'words', metadata = new Metadata()) {
  const { url } = await start((send) => send({ code, details, metadata }));
  return exportLogs(await transportTo(url));
}

describe('a request', () => {
  test('goes to the service of its signal, with the headers of the user', async () => {
    const { url, requests } = await start();
    const headers = {
      authorization: 'Bearer made-up',
      'x-bytes-bin': 'AP8=',
      'content-type': 'text/plain',
      te: 'x',
    };
    const transport = await transportTo(url, { headers });
    expect(await exportLogs(transport, 'name')).toMatchObject({ kind: 'taken', rejected: 0, message: '' });
    const [request] = requests;
    expect(request?.path).toBe('/opentelemetry.proto.collector.logs.v1.LogsService/Export');
    expect(request?.metadata.get('authorization')).toEqual(['Bearer made-up']);
    expect(request?.metadata.get('x-bytes-bin')).toEqual([Buffer.from([0, 255])]);
    expect(decoded(decodeProtobuf('logs', request?.body ?? Buffer.alloc(0)))).toMatchObject({
      resourceLogs: [{ scopeLogs: [{ logRecords: [{ eventName: 'name' }] }] }],
    });
  });

  test('of each signal has its service', async () => {
    const { url, requests } = await start();
    const transport = await transportTo(url);
    const { signal } = new AbortController();
    for (const each of ['logs', 'traces', 'metrics'] as const) {
      await transport.export(each, Payload.plain(new Uint8Array()), signal);
    }
    expect(requests.map(({ path }) => path.split('.').at(-1))).toEqual([
      'LogsService/Export',
      'TraceService/Export',
      'MetricsService/Export',
    ]);
  });

  test('is compressed on the wire, and counted so', async () => {
    const { url, requests } = await start();
    const wire = await startRelay(url);
    const payload = Payload.plain(Buffer.alloc(1_000_000));
    const transport = await transportTo(wire.url);
    const answer = await transport.export('logs', payload, new AbortController().signal);
    expect(requests.map(({ body }) => body.length)).toEqual([1_000_000]);
    expect(answer).toMatchObject({ kind: 'taken', bytes: (await payload.compressed()).length });
    expect(wire.bytes()).toBeLessThan(10_000);
  });

  test('that is damaged is not sent', async () => {
    const { url, requests } = await start();
    const payload = Payload.compressed(Buffer.from('no gzip'));
    const answer = await (await transportTo(url)).export('logs', payload, new AbortController().signal);
    expect(answer).toEqual({ kind: 'refused', reason: 'damaged on disk' });
    expect(requests).toEqual([]);
  });

  test('with a header that gRPC does not know is not sent, and its value is not told', async () => {
    const answer = await exportLogs(await transportTo('grpc://127.0.0.1:1', { headers: { 'x!': 'secret' } }));
    expect(answer).toEqual({ kind: 'misdirected', reason: 'header x! cannot be sent by gRPC' });
    const latin = await exportLogs(
      await transportTo('grpc://127.0.0.1:1', { headers: { x: 'secr\u00e9t' } }),
    );
    expect(latin).toEqual({ kind: 'misdirected', reason: 'header x cannot be sent by gRPC' });
    const hop = await exportLogs(
      await transportTo('grpc://127.0.0.1:1', { headers: { connection: 'secret' } }),
    );
    expect(hop).toEqual({ kind: 'misdirected', reason: 'header connection cannot be sent by gRPC' });
  });
});

describe('an answer', () => {
  test('that refuses a part says so', async () => {
    const partialSuccess = { rejectedLogRecords: 2, errorMessage: 'too old' };
    const body = Buffer.from(responseTypes.logs.encode({ partialSuccess }).finish());
    const { url } = await start((send) => send(null, body));
    expect(await exportLogs(await transportTo(url))).toMatchObject({
      kind: 'taken',
      rejected: 2,
      message: 'too old',
    });
  });

  test.each([
    'CANCELLED',
    'DEADLINE_EXCEEDED',
    'ABORTED',
    'OUT_OF_RANGE',
    'UNAVAILABLE',
    'DATA_LOSS',
  ] as const)('%s is worth another try', async (name) => {
    const answer = { kind: 'unavailable', reason: `gRPC ${name}`, answered: true };
    expect(await answerTo(status[name])).toEqual(answer);
  });

  test.each([
    ['INVALID_ARGUMENT', 'bad_data'],
    ['UNAUTHENTICATED', 'misdirected'],
    ['PERMISSION_DENIED', 'misdirected'],
    ['UNIMPLEMENTED', 'misdirected'],
    ['UNKNOWN', 'refused'],
    ['NOT_FOUND', 'refused'],
    ['ALREADY_EXISTS', 'refused'],
    ['FAILED_PRECONDITION', 'refused'],
    ['INTERNAL', 'refused'],
    ['RESOURCE_EXHAUSTED', 'refused'],
  ] as const)('%s is %s', async (name, kind) => {
    expect(await answerTo(status[name])).toEqual({ kind, reason: `gRPC ${name}` });
  });

  test.each([
    ['RESOURCE_EXHAUSTED', 'grpc: received message larger than max (5000000 vs. 4194304)'],
    ['RESOURCE_EXHAUSTED', 'gRPC message exceeds maximum size 4194304: 5242880'],
    ['OUT_OF_RANGE', 'Error, decoded message length too large: found 5242880 bytes'],
  ] as const)('%s because of its size may be split: %s', async (name, details) => {
    expect(await answerTo(status[name], details)).toEqual({
      kind: 'bad_data',
      reason: `gRPC ${name}, too large`,
    });
  });

  test.each([
    'grpc: error unmarshalling request: proto: illegal wireType 7',
    'Error deserializing request: index out of range',
    'failed to decode Protobuf message: invalid wire type',
  ])('INTERNAL because it cannot be read may be split: %s', async (details) => {
    expect(await answerTo(status.INTERNAL, details)).toEqual({ kind: 'bad_data', reason: 'gRPC INTERNAL' });
  });

  test('of the real limit is understood', async () => {
    const { url } = await start();
    const payload = Payload.plain(Buffer.alloc(4 * 1024 * 1024 + 1));
    const answer = await (await transportTo(url)).export('logs', payload, new AbortController().signal);
    expect(answer).toEqual({ kind: 'bad_data', reason: 'gRPC RESOURCE_EXHAUSTED, too large' });
  });

  test.each([
    ['RESOURCE_EXHAUSTED', { seconds: 7, nanos: 500_000_000 }, { retryAfterMs: 7500 }],
    ['RESOURCE_EXHAUSTED', { seconds: 0, nanos: 0 }, {}],
    ['RESOURCE_EXHAUSTED', null, {}],
    ['UNAVAILABLE', { seconds: 30, nanos: 0 }, { retryAfterMs: 30_000 }],
  ] as const)('%s says when to come again: %j', async (name, delay, expected) => {
    expect(await answerTo(status[name], 'words', retryInfo(delay))).toEqual({
      kind: 'unavailable',
      reason: `gRPC ${name}`,
      answered: true,
      ...expected,
    });
  });

  test('with a RetryInfo is final all the same where OTLP says so', async () => {
    const answer = await answerTo(status.INVALID_ARGUMENT, 'words', retryInfo({ seconds: 1, nanos: 0 }));
    expect(answer).toMatchObject({ kind: 'bad_data' });
  });

  test('with details that nobody can read counts without them', async () => {
    const metadata = new Metadata();
    metadata.set('grpc-status-details-bin', Buffer.from('\xff\xff\xff', 'latin1'));
    expect(await answerTo(status.RESOURCE_EXHAUSTED, 'words', metadata)).toMatchObject({ kind: 'refused' });
  });

  test('over 4 MiB is not read', async () => {
    const { url } = await start((send) => send(null, Buffer.alloc(5 * 1024 * 1024)));
    expect(await exportLogs(await transportTo(url))).toMatchObject({ kind: 'refused' });
  });
});

describe('an answer that is not gRPC', () => {
  const responding =
    (headers: Record<string, string | number>, body = '') =>
    (stream: ServerHttp2Stream) => {
      stream.respond(headers);
      stream.end(body);
    };
  const html = { 'content-type': 'text/html' };

  test.each([
    [
      'a page',
      responding({ ':status': 200, ...html }, '<html>'),
      { kind: 'misdirected', reason: 'not gRPC' },
    ],
    ['HTTP 302', responding({ ':status': 302 }), { kind: 'misdirected', reason: 'HTTP 302' }],
    ['HTTP 401', responding({ ':status': 401, ...html }), { kind: 'misdirected', reason: 'HTTP 401' }],
    ['HTTP 413', responding({ ':status': 413, ...html }, 'words'), { kind: 'bad_data', reason: 'HTTP 413' }],
    ['HTTP 500', responding({ ':status': 500 }), { kind: 'refused', reason: 'HTTP 500' }],
    ['HTTP 503', responding({ ':status': 503 }), { kind: 'unavailable', reason: 'HTTP 503', answered: true }],
    [
      'a stream that is reset',
      (stream: ServerHttp2Stream) => stream.close(2),
      { kind: 'unavailable', reason: 'gRPC INTERNAL', answered: false },
    ],
    [
      'a connection that ends',
      (stream: ServerHttp2Stream) => stream.session?.destroy(),
      { kind: 'unavailable', reason: 'Connection dropped', answered: false },
    ],
  ])('is understood as it is: %s', async (_, behave, expected) => {
    const server = createHttp2Server();
    server.on('stream', (stream) =>
      stream
        .on('error', () => {})
        .on('end', () => behave(stream))
        .resume(),
    );
    expect(await exportLogs(await transportTo(await listening(server)))).toEqual(expected);
  });
});

describe('without an answer', () => {
  const silence = { kind: 'unavailable', answered: false };

  test('nobody listens, and then somebody does', async () => {
    const closed = await closedUrl();
    const transport = await transportTo(closed.replace('http', 'grpc'));
    expect(await exportLogs(transport)).toEqual({ ...silence, reason: 'ECONNREFUSED' });
    const { url } = await start();
    const relay = await startRelay(url, Number(new URL(closed).port));
    await expect.poll(async () => (await exportLogs(transport)).kind, { timeout: 10_000 }).toBe('taken');
    expect(relay.bytes()).toBeGreaterThan(0);
  });

  test('the connection breaks', async () => {
    const server = await listening(createTcpServer((socket) => void socket.on('error', () => {}).destroy()));
    expect(await exportLogs(await transportTo(server))).toMatchObject(silence);
  });

  test('the peer speaks HTTP/1.1', async () => {
    const server = await listening(createServer((_, response) => void response.end('<html>')));
    expect(await exportLogs(await transportTo(server))).toEqual({
      kind: 'misdirected',
      reason: 'Protocol error',
    });
  });

  test('it hangs until the attempt is given up', async () => {
    const abort = new AbortController();
    const { url } = await start(() => abort.abort());
    const answer = await exportLogs(await transportTo(url), 'a', abort.signal);
    expect(answer).toEqual({ ...silence, reason: 'no answer in time' });
  });

  test('it does not even greet until the attempt is given up', async () => {
    const abort = new AbortController();
    const server = await listening(createTcpServer(() => abort.abort()));
    const answer = await exportLogs(await transportTo(server), 'a', abort.signal);
    expect(answer).toEqual({ ...silence, reason: 'no answer in time' });
  });

  test('the attempt was given up before', async () => {
    const { url, requests } = await start();
    const answer = await exportLogs(await transportTo(url), 'a', AbortSignal.abort());
    expect(answer).toEqual({ ...silence, reason: 'no answer in time' });
    expect(requests).toEqual([]);
  });
});

function retryInfo(retryDelay: { seconds: number; nanos: number } | null): Metadata {
  const root = protobuf.Root.fromJSON({
    nested: {
      Duration: { fields: { seconds: { type: 'int64', id: 1 }, nanos: { type: 'int32', id: 2 } } },
      RetryInfo: { fields: { retryDelay: { type: 'Duration', id: 1 } } },
      Any: { fields: { url: { type: 'string', id: 1 }, value: { type: 'bytes', id: 2 } } },
      Status: {
        fields: {
          code: { type: 'int32', id: 1 },
          message: { type: 'string', id: 2 },
          details: { rule: 'repeated', type: 'Any', id: 3 },
        },
      },
    },
  });
  const info = root
    .lookupType('RetryInfo')
    .encode(retryDelay ? { retryDelay } : {})
    .finish();
  const details = [
    { url: 'type.googleapis.com/google.rpc.DebugInfo', value: Buffer.from('other') },
    { url: 'type.googleapis.com/google.rpc.RetryInfo', value: info },
  ];
  const message = root.lookupType('Status').encode({ code: 8, message: 'words', details }).finish();
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(message));
  return metadata;
}

/** Returns its address, as if it spoke gRPC. */
async function listening(server: Server, port = 0): Promise<string> {
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => server.close(done));
  });
  return `grpc://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Counts the bytes on their way to a collector. */
async function startRelay(target: string, port = 0): Promise<{ url: string; bytes(): number }> {
  let bytes = 0;
  const server = createTcpServer((socket) => {
    const onward = connect(Number(new URL(target).port), '127.0.0.1');
    socket.on('data', (chunk) => {
      bytes += chunk.length;
    });
    socket.on('error', () => onward.destroy());
    onward.on('error', () => socket.destroy());
    socket.pipe(onward).pipe(socket);
  });
  return { url: await listening(server, port), bytes: () => bytes };
}
