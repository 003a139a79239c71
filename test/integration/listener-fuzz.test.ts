import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { decode } from '../../src/otlp/codec.ts';
import { decompress } from '../../src/pipeline/listener/decompress.ts';
import { type Listener, type Received, startListener } from '../../src/pipeline/listener/listener.ts';
import { hostileBodies } from '../support/hostile-bodies.ts';
import { damaged, pieces, Random } from '../support/random-bytes.ts';
import { head, openRaw, until } from '../support/raw-http.ts';
import { type Recorded, readRecording } from '../support/replay.ts';

/** `AI_TRACE_FUZZ_SEED=n` repeats a run, `AI_TRACE_FUZZ_ROUNDS=n` makes it longer. */
const seed = Number(process.env['AI_TRACE_FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 32));
const rounds = Number(process.env['AI_TRACE_FUZZ_ROUNDS'] ?? 150);
const timeout = 30_000 + rounds * 200;

const secret = 'kU2lqI3yq0Yb0pTn5Zc8Jv6sXw9dEfGh';
const captures = fileURLToPath(new URL('../fixtures/captures', import.meta.url));
const mebibyte = 1024 * 1024;
const roomBytes = 16 * mebibyte;

// Only what is still held counts: how soon the rest is collected is V8's affair, and differs from run to run.
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heldBytes(): number {
  collectGarbage();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}

const recorded = readdirSync(captures, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('0001-logs.meta.json') || name.endsWith('traces.meta.json'))
  .map((name) => `${captures}/${name.slice(0, name.lastIndexOf('/'))}`)
  .filter((dir, at, all) => all.indexOf(dir) === at)
  .flatMap((dir) => readRecording(dir).filter(({ body }) => body.length < 30_000));

let listener: Listener;
let accepted = 0;
let lastBody: Buffer | undefined;
let decoded: Promise<void> = Promise.resolve();
let waiting = 0;
let watchHeld: (() => void) | undefined;

/** What the pipeline does first, in the order of arrival. */
async function unpack({ signal, contentType, contentEncoding, body }: Received): Promise<void> {
  const plain = await decompress(body, contentEncoding);
  if (plain !== null) decode(signal, contentType, plain);
  waiting -= body.length;
  watchHeld?.();
}

beforeAll(async () => {
  listener = await startListener(secret, async () => ({
    accept: (received) => {
      accepted += 1;
      lastBody = received.body;
      waiting += received.body.length;
      watchHeld?.();
      decoded = decoded.then(() => unpack(received));
    },
    room: () => (waiting < roomBytes ? null : decoded),
  }));
});
afterAll(() => listener.close());

/** Whatever came before, the next request is served. */
afterEach(async () => {
  const body = Buffer.from(`good after ${accepted}`);
  expect(await exchange([rawRequest(`/${secret}/v1/logs`, { body })])).toEqual([200]);
  expect(lastBody).toEqual(body);
  // A fault of the decoder itself is one of the test's.
  await decoded;
});

/** Sends the parts, closes the sending side, and returns what was answered until the listener closed its own. */
async function exchange(parts: readonly Buffer[]): Promise<number[]> {
  const { socket, statuses, closed } = await openRaw(listener.url);
  for (const part of parts) {
    socket.write(part);
    if (parts.length > 1) await new Promise(setImmediate);
  }
  socket.end();
  await closed;
  return statuses();
}

type Sent = Partial<Recorded> & { body: Buffer };

function rawRequest(path: string, { contentType, contentEncoding, body }: Sent): Buffer {
  const fields = {
    ...(contentType && { 'content-type': contentType }),
    ...(contentEncoding && { 'content-encoding': contentEncoding }),
    'content-length': body.length,
  };
  return Buffer.concat([Buffer.from(head(path, fields)), body]);
}

function rawChunked(path: string, { contentType = 'x', body }: Sent, random: Random): Buffer {
  const chunks = pieces(body, random).flatMap((piece) => [
    Buffer.from(`${piece.length.toString(16)}${random.one(['', ';ext=1'])}\r\n`),
    piece,
    Buffer.from('\r\n'),
  ]);
  const fields = { 'content-type': contentType, 'transfer-encoding': 'chunked' };
  return Buffer.concat([Buffer.from(head(path, fields)), ...chunks, Buffer.from('0\r\n\r\n')]);
}

function anyRequest(base: string, random: Random): Buffer {
  const sent = random.one(recorded);
  const path = `${base}/v1/${sent.signal}`;
  switch (random.below(3)) {
    case 0:
      return rawRequest(path, sent);
    case 1:
      return rawRequest(path, { ...sent, contentEncoding: 'gzip', body: gzipSync(sent.body) });
    default:
      return rawChunked(path, sent, random);
  }
}

/** Some rounds at once, so that connections get into each other's way; each has a seed of its own. */
async function eachRound(
  label: number,
  round: (random: Random, name: string) => Promise<void>,
): Promise<void> {
  for (let first = 0; first < rounds; first += 8) {
    const batch = Array.from({ length: Math.min(8, rounds - first) }, (_, i) => first + i);
    await Promise.all(batch.map((at) => round(new Random(seed + label * 1_000_003 + at), `round ${at}`)));
  }
}

describe(`seed ${seed}`, { timeout }, () => {
  test('well-formed requests with the secret are all accepted, however they are cut', async () => {
    await eachRound(1, async (random, name) => {
      const requests = Array.from({ length: 1 + random.below(4) }, () => anyRequest(`/${secret}`, random));
      const statuses = await exchange(pieces(Buffer.concat(requests), random));
      expect(statuses, name).toEqual(requests.map(() => 200));
    });
  });

  test('damaged bodies in well-formed requests are all accepted', async () => {
    await eachRound(2, async (random, name) => {
      const { signal, contentType, body } = random.one(recorded);
      const isPacked = random.below(2) === 0;
      const bad = damaged(isPacked ? gzipSync(body) : body, random);
      const sent = { body: bad, contentType, ...(isPacked && { contentEncoding: 'gzip' }) };
      expect(await exchange([rawRequest(`/${secret}/v1/${signal}`, sent)]), name).toEqual([200]);
    });
  });

  test('damaged requests do no harm', async () => {
    await eachRound(3, async (random, name) => {
      const bytes = damaged(anyRequest(`/${secret}`, random), random);
      const answers = await exchange(pieces(bytes, random));
      for (const status of answers) expect([200, 400, 404, 405, 413, 431], name).toContain(status);
    });
  });

  test('senders that vanish do no harm', async () => {
    await eachRound(4, async (random) => {
      const bytes = anyRequest(`/${secret}`, random);
      const { socket, closed } = await openRaw(listener.url);
      socket.write(bytes.subarray(0, random.below(bytes.length)));
      await new Promise(setImmediate);
      if (random.below(2) === 0) socket.resetAndDestroy();
      else socket.destroy();
      await closed;
    });
    await until(() => listener.connections() === 0);
  });

  test('lengths that lie do no harm', async () => {
    await eachRound(5, async (random, name) => {
      const { body } = random.one(recorded);
      const lie = random.one([
        0,
        1,
        body.length - 1,
        body.length + 1,
        -1,
        '1e3',
        '0x10',
        2 ** 40,
        2 ** 64,
        '',
      ]);
      const chunk = random.one(['0', 'g', '-1', 'ffffffff', '1;\0', '\r\n', '5\n', '00000000000000005']);
      const fields = random.one<Record<string, string | number>>([
        { 'content-length': lie },
        { 'content-length': body.length, 'Content-Length': lie },
        { 'content-length': body.length, 'transfer-encoding': 'chunked' },
        { 'transfer-encoding': random.one(['chunked', 'gzip, chunked', 'chunked, chunked', 'xchunked']) },
      ]);
      const bytes = Buffer.concat([
        Buffer.from(head(`/${secret}/v1/logs`, fields)),
        Buffer.from(`${chunk}\r\n`),
        body,
      ]);
      const answers = await exchange(pieces(bytes, random));
      for (const status of answers) expect([200, 400, 404, 405, 413, 431], name).toContain(status);
    });
  });

  test('nothing is accepted without the secret, damaged or not', async () => {
    const before = accepted;
    await eachRound(6, async (random, name) => {
      const guess = random.bytes(24).toString('base64url');
      const base = random.one([
        `/${guess}`,
        '',
        `/${secret.slice(0, -1)}/`,
        `//${guess}`,
        `/%6b${secret.slice(1)}`,
      ]);
      const good = anyRequest(base, random);
      // Only what cannot become the secret is damaged.
      const isNear = base.includes(secret.slice(1, -1));
      const bytes = isNear || random.below(2) === 0 ? good : damaged(good, random);
      for (const status of await exchange(pieces(bytes, random))) {
        expect([400, 404, 431], name).toContain(status);
      }
    });
    expect(accepted).toBe(before);
    expect(listener.strangers()).toBeGreaterThan(rounds / 2);
  });

  test.each(hostileBodies())('$name is accepted, and harmless', async ({ body, ...types }) => {
    for (const signal of ['logs', 'traces', 'metrics']) {
      expect(await exchange([rawRequest(`/${secret}/v1/${signal}`, { body, ...types })])).toEqual([200]);
    }
    await decoded;
  });

  test('many large bodies at once stay within bounds', async () => {
    const bodies = 25;
    const body = Buffer.alloc(20 * mebibyte, 1);
    const sent = rawRequest(`/${secret}/v1/logs`, { body, contentType: 'application/x-protobuf' });
    const held: number[] = [];
    watchHeld = () => held.push(heldBytes());
    const answers = await Promise.all(Array.from({ length: bodies }, () => exchange([sent])));
    watchHeld();
    expect(answers).toEqual(answers.map(() => [200]));
    await decoded;
    // Buffers are swept in the background: a collection or two later they are gone.
    await until(() => heldBytes() < Math.max(...held) - body.length);
    const added = Math.max(...held) - heldBytes();
    watchHeld = undefined;
    // Being read: the limit and one body. Waiting to be decoded: room and one body. One body is being put together.
    expect(added).toBeLessThan(64 * mebibyte + roomBytes + 3 * body.length);
  });
});
