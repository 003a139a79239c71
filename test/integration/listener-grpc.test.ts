import { connect } from 'node:net';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type GrpcListener, startGrpcListener } from '../../src/pipeline/listener/grpc-listener.ts';
import { joined } from '../../src/pipeline/listener/joined.ts';
import { type Received, startListener } from '../../src/pipeline/listener/listener.ts';

let listener: GrpcListener;
let received: Received[];
let full: Promise<void> | null;
beforeEach(async () => {
  received = [];
  full = null;
  const intake = { accept: (each: Received) => void received.push(each), room: () => full };
  listener = await startGrpcListener('s3cret', async () => intake, 50);
});
afterEach(() => listener.close());

const logs = 'logs.v1.LogsService';

interface SendOptions {
  token?: string;
  gzip?: boolean;
  method?: string;
}

/** Resolves to the status of the answer. */
function send(service: string, body: Buffer, options: SendOptions = {}): Promise<status> {
  const { token = 's3cret', gzip = false, method = 'Export' } = options;
  const client = new Client(new URL(listener.url).host, credentials.createInsecure(), {
    ...(gzip && { 'grpc.default_compression_algorithm': 2 }),
  });
  onTestFinished(() => client.close());
  const metadata = new Metadata();
  if (token !== '') metadata.set('x-ai-trace-token', token);
  return new Promise((resolve) => {
    const asItIs = (bytes: Buffer) => bytes;
    const path = `/opentelemetry.proto.collector.${service}/${method}`;
    client.makeUnaryRequest(path, asItIs, asItIs, body, metadata, (error: ServiceError | null) =>
      resolve(error?.code ?? status.OK),
    );
  });
}

describe('a request of the CLI', () => {
  test.each([
    ['logs', logs],
    ['traces', 'trace.v1.TraceService'],
    ['metrics', 'metrics.v1.MetricsService'],
  ])('for %s is handed on as it would come by HTTP', async (signal, service) => {
    const body = Buffer.from([10, 0]);
    expect(await send(service, body)).toBe(status.OK);
    expect(received).toMatchObject([
      { signal, contentType: 'application/x-protobuf', contentEncoding: undefined, body },
    ]);
    expect(listener.lastRequestAt()).toBe(received[0]?.at);
    expect(listener.connections()).toBe(1);
    expect(listener.strangers()).toBe(0);
  });

  test('may be compressed', async () => {
    const body = Buffer.alloc(100_000, 'a');
    expect(await send(logs, body, { gzip: true })).toBe(status.OK);
    expect(received[0]?.body.equals(body)).toBe(true);
  });

  test('is answered once there is room', async () => {
    let makeRoom = () => {};
    full = new Promise((resolve) => {
      makeRoom = () => {
        full = null;
        resolve();
      };
    });
    const answer = send(logs, Buffer.from('x'));
    await expect.poll(() => listener.connections()).toBe(1);
    expect(received).toEqual([]);
    makeRoom();
    expect(await answer).toBe(status.OK);
    expect(received).toHaveLength(1);
  });

  test.each([
    ['service', 'profiles.v1.ProfilesService', 'Export'],
    ['method', logs, 'Import'],
  ])('to an unknown %s is refused', async (_, service, method) => {
    expect(await send(service, Buffer.from('x'), { method })).toBe(status.UNIMPLEMENTED);
    expect(received).toEqual([]);
  });

  test.each([
    ['as it is', false],
    ['once it is unpacked', true],
  ])('over 64 MiB %s is refused', async (_, gzip) => {
    expect(await send(logs, Buffer.alloc(64 * 1024 * 1024 + 1), { gzip })).toBe(status.RESOURCE_EXHAUSTED);
    expect(received).toEqual([]);
  });
});

describe('a stranger', () => {
  test.each([
    ['without the secret', ''],
    ['with another', 's3creT'],
    ['with a part of it', 's3cre'],
  ])('%s is refused', async (_, token) => {
    expect(await send(logs, Buffer.from('x'), { token })).toBe(status.UNAUTHENTICATED);
    expect(received).toEqual([]);
    await expect.poll(() => listener.strangers()).toBe(1);
  });

  test('who says nothing is closed', async () => {
    const socket = connect(Number(new URL(listener.url).port), '127.0.0.1').resume();
    onTestFinished(() => void socket.destroy());
    await new Promise((closed) => socket.once('close', closed));
    await expect.poll(() => listener.connections()).toBe(0);
  });

  test('who opens many connections is turned away, and the CLI is still heard afterwards', async () => {
    const port = Number(new URL(listener.url).port);
    const sockets = Array.from({ length: 40 }, () => connect(port, '127.0.0.1').resume());
    for (const socket of sockets) socket.on('error', () => {});
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    await Promise.all(sockets.map((socket) => new Promise((closed) => socket.once('close', closed))));
    expect(await send(logs, Buffer.from('x'))).toBe(status.OK);
  });
});

test('closes what is open', async () => {
  expect(await send(logs, Buffer.from('x'))).toBe(status.OK);
  await listener.close();
  expect(await send(logs, Buffer.from('x'))).toBe(status.UNAVAILABLE);
});

test('stands beside the listener for HTTP as one', async () => {
  let grpc: GrpcListener | undefined;
  const http = await startListener('s3cret', async () => ({ accept: () => {}, room: () => null }));
  const both = joined(http, () => grpc);
  expect([both.connections(), both.lastRequestAt(), both.strangers()]).toEqual([0, 0, 0]);
  grpc = listener;
  await send(logs, Buffer.from('x'));
  expect(both.connections()).toBe(1);
  expect(both.lastRequestAt()).toBe(received[0]?.at);
  await both.close();
  expect(await send(logs, Buffer.from('x'))).toBe(status.UNAVAILABLE);
});
