import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeProtobuf } from '../../src/otlp/protobuf.ts';
import { responseTypes } from '../../src/otlp/schema.ts';
import type { ExportRequest, Signal } from '../../src/otlp/types.ts';
import { HttpDestination } from '../../src/pipeline/http-destination.ts';
import { decoded } from '../unit/otlp/comparable.ts';

type Answer = (response: ServerResponse) => void;

interface Arrived {
  path: string;
  headers: IncomingHttpHeaders;
  bytes: number;
  request: ExportRequest;
  /** Unix ms. */
  at: number;
}

let server: Server;
let url: string;
let arrived: Arrived[];
/** What to do with the next requests; after the last one, all is taken. */
let answers: Answer[];
const destinations: HttpDestination[] = [];

const ok: Answer = (response) =>
  void response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(code, headers).end();
const never: Answer = () => {};
const reset: Answer = (response) => void response.destroy();

/** Holds its answer back until the test lets it go. */
function held() {
  let resolve: (answer: Answer) => void = () => {};
  const promise = new Promise<Answer>((done) => {
    resolve = done;
  });
  const answer: Answer = (response) => void promise.then((each) => each(response));
  return { answer, release: (each: Answer = ok) => resolve(each) };
}

beforeEach(async () => {
  arrived = [];
  answers = [];
  server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const sent = Buffer.concat(chunks);
    const { url: path = '', headers } = incoming;
    const signal = path.slice(path.lastIndexOf('/') + 1) as Signal;
    const request = decoded(decodeProtobuf(signal, gunzipSync(sent)));
    arrived.push({ path, headers, bytes: sent.length, request, at: Date.now() });
    (answers.shift() ?? ok)(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await Promise.all(destinations.splice(0).map((destination) => destination.close(0)));
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

function destination(to = url, headers: Record<string, string> = {}): HttpDestination {
  const created = new HttpDestination(to, headers);
  destinations.push(created);
  return created;
}

/** One log record that can be told from others. */
function logs(name: string): ExportRequest {
  return { resourceLogs: [{ scopeLogs: [{ logRecords: [{ eventName: name, attributes: [] }] }] }] };
}
const spans: ExportRequest = {
  resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'span', attributes: [], events: [], links: [] }] }] }],
};

/** The names of the records of each request that arrived. */
function names(): string[][] {
  return arrived.map(({ request }) =>
    'resourceLogs' in request
      ? request.resourceLogs.flatMap(({ scopeLogs }) =>
          scopeLogs.flatMap(({ logRecords }) => logRecords.map(({ eventName = '' }) => eventName)),
        )
      : ['spans'],
  );
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a request', () => {
  test('is posted as compressed protobuf, with the headers of the user', async () => {
    const to = destination(url, { authorization: 'Bearer made-up' });
    to.send('logs', logs('a'), 1);
    await to.close(5000);
    expect(arrived).toMatchObject([
      {
        path: '/v1/logs',
        headers: {
          'content-type': 'application/x-protobuf',
          'content-encoding': 'gzip',
          authorization: 'Bearer made-up',
        },
      },
    ]);
    expect(names()).toEqual([['a']]);
    expect(to.report()).toEqual({
      url,
      state: 'ok',
      lastError: null,
      requests: 1,
      bytes: arrived[0]?.bytes,
      dropped: 0,
    });
  });

  test.each(['/otlp', '/otlp/', '/otlp//'])('goes below the path %s', async (path) => {
    const to = destination(`${url}${path}`);
    to.send('traces', spans, 1);
    await to.close(5000);
    expect(arrived.map((each) => each.path)).toEqual(['/otlp/v1/traces']);
  });

  test('has a content type of its own, whatever the user’s headers say', async () => {
    const to = destination(url, { 'content-type': 'text/plain', 'content-encoding': 'br' });
    to.send('logs', logs('a'), 1);
    await to.close(5000);
    expect(arrived[0]?.headers).toMatchObject({
      'content-type': 'application/x-protobuf',
      'content-encoding': 'gzip',
    });
  });
});

describe('what comes while one request is under way', () => {
  test('is sent together by signal, the oldest first', async () => {
    const first = held();
    answers = [first.answer];
    const to = destination();
    to.send('logs', logs('a'), 1);
    await until(() => arrived.length === 1);
    to.send('logs', logs('b'), 1);
    to.send('traces', spans, 1);
    to.send('logs', logs('c'), 1);
    first.release();
    await to.close(5000);
    expect(names()).toEqual([['a'], ['b', 'c'], ['spans']]);
    expect(to.report()).toMatchObject({ requests: 3, dropped: 0 });
  });

  test('is not sent together beyond 4 MiB', async () => {
    const first = held();
    answers = [first.answer];
    const to = destination();
    to.send('logs', logs('first'), 1);
    await until(() => arrived.length === 1);
    for (const letter of ['a', 'b', 'c']) to.send('logs', logs(letter.repeat(1.9 * 1024 * 1024)), 1);
    first.release();
    await to.close(5000);
    expect(names().map((group) => group.map((name) => name[0]))).toEqual([['f'], ['a', 'b'], ['c']]);
  });

  test('is dropped and counted beyond 64 MiB, the oldest first', async () => {
    const first = held();
    answers = [first.answer];
    const to = destination();
    to.send('logs', logs('under way'), 1);
    await until(() => arrived.length === 1);
    for (const letter of ['a', 'b', 'c', 'd', 'e', 'f'])
      to.send('logs', logs(letter.repeat(15 * 1024 * 1024)), 10);
    // Six times 15 MiB: the two oldest had to go.
    expect(to.report().dropped).toBe(20);
    first.release();
    await to.close(20_000);
    expect(names().map((group) => group.map((name) => name[0]))).toEqual([['u'], ['c'], ['d'], ['e'], ['f']]);
    expect(to.report()).toMatchObject({ requests: 5, dropped: 20 });
  });
});

describe('an answer', () => {
  const partial = (type: string, body: string | Uint8Array): Answer => {
    return (response) => void response.writeHead(200, { 'content-type': type }).end(body);
  };

  test.each([
    [
      'JSON',
      partial('application/json', '{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"too old"}}'),
    ],
    [
      'protobuf',
      partial(
        'application/x-protobuf',
        responseTypes.logs
          .encode({ partialSuccess: { rejectedLogRecords: 2, errorMessage: 'too old' } })
          .finish(),
      ),
    ],
  ])('that refuses a part counts it, in %s', async (_, answer) => {
    answers = [answer];
    const to = destination();
    to.send('logs', logs('a'), 3);
    await to.close(5000);
    expect(to.report()).toMatchObject({ state: 'ok', requests: 1, dropped: 2, lastError: 'too old' });
  });

  test('that nobody can read is a success by its status', async () => {
    answers = [partial('text/html', '<html>'), partial('application/json', '{"partialSuccess":')];
    const to = destination();
    to.send('logs', logs('a'), 1);
    await until(() => to.report().requests === 1);
    to.send('logs', logs('b'), 1);
    await to.close(5000);
    expect(to.report()).toMatchObject({ state: 'ok', requests: 2, dropped: 0, lastError: null });
  });

  test.each([400, 401, 403, 404, 413, 500, 501, 302])(
    '%d refuses it for good, and the next one is tried',
    async (code) => {
      answers = [status(code, { location: '/elsewhere' })];
      const to = destination();
      to.send('logs', logs('a'), 7);
      await until(() => to.report().dropped === 7);
      expect(to.report()).toMatchObject({ state: 'rejected', lastError: `HTTP ${code}`, requests: 0 });
      to.send('logs', logs('b'), 1);
      await to.close(5000);
      expect(names()).toEqual([['a'], ['b']]);
      expect(to.report()).toMatchObject({ state: 'ok', requests: 1, dropped: 7 });
    },
  );

  test.each([
    ['429', status(429, { 'retry-after': '0' })],
    ['502', status(502, { 'retry-after': '0' })],
    ['503', status(503, { 'retry-after': '0' })],
    ['504', status(504, { 'retry-after': '0' })],
    ['503 without a word on when', status(503)],
    ['a broken connection', reset],
  ])('%s is tried again, once each', async (_, answer) => {
    answers = [answer, answer];
    const to = destination();
    to.send('logs', logs('a'), 7);
    await until(() => to.report().requests === 1);
    expect(names()).toEqual([['a'], ['a'], ['a']]);
    expect(to.report()).toMatchObject({ state: 'ok', requests: 1, dropped: 0 });
  });

  test('that says when to come again is heeded', async () => {
    answers = [status(429, { 'retry-after': '1' })];
    const to = destination();
    to.send('logs', logs('a'), 1);
    await until(() => arrived.length === 2);
    const [first, second] = arrived;
    // A timer may be a little early, never by this much.
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(900);
  });

  test('that is awaited in vain tells so while it is tried again', async () => {
    answers = [status(503, { 'retry-after': '3600' })];
    const to = destination();
    to.send('logs', logs('a'), 1);
    await until(() => to.report().lastError !== null);
    expect(to.report()).toMatchObject({ state: 'rejected', lastError: 'HTTP 503', dropped: 0 });
  });
});

describe('closing', () => {
  test('delivers what is left', async () => {
    const to = destination();
    for (const name of ['a', 'b', 'c']) to.send('logs', logs(name), 1);
    await to.close(5000);
    expect(names().flat()).toEqual(['a', 'b', 'c']);
    expect(to.report()).toMatchObject({ state: 'ok', dropped: 0 });
  });

  test('does not wait for the next try, but makes it', async () => {
    answers = [status(503, { 'retry-after': '3600' })];
    const to = destination();
    to.send('logs', logs('a'), 1);
    await until(() => to.report().lastError !== null);
    await to.close(5000);
    expect(names()).toEqual([['a'], ['a']]);
    expect(to.report()).toMatchObject({ state: 'ok', requests: 1, dropped: 0 });
  });

  test('gives up on a collector that takes nothing', async () => {
    answers = Array.from({ length: 100 }, () => status(503, { 'retry-after': '0' }));
    const to = destination();
    to.send('logs', logs('a'), 7);
    await to.close(5000);
    expect(to.report()).toMatchObject({ state: 'rejected', requests: 0, dropped: 7 });
  });

  test('gives up on a collector that is not there', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    await new Promise((done) => closed.close(done));
    const to = destination(`http://127.0.0.1:${port}`);
    to.send('logs', logs('a'), 7);
    to.send('traces', spans, 2);
    // The user's time is not spent on it: far less than what there would be.
    const end = await Promise.race([to.close(60_000).then(() => 'closed'), later('late', 10_000)]);
    expect(end).toBe('closed');
    expect(to.report()).toEqual({
      url: `http://127.0.0.1:${port}`,
      state: 'unreachable',
      lastError: 'ECONNREFUSED',
      requests: 0,
      bytes: 0,
      dropped: 9,
    });
  });

  test('takes no longer than its budget with a collector that never answers', async () => {
    answers = [never];
    const to = destination();
    to.send('logs', logs('a'), 7);
    await until(() => arrived.length === 1);
    // The collector's own time would be 10 s, the test's is far more than the budget.
    const end = await Promise.race([to.close(50).then(() => 'closed'), later('late', 5000)]);
    expect(end).toBe('closed');
    expect(to.report()).toMatchObject({ state: 'unreachable', lastError: 'no answer in time', dropped: 7 });
  });

  test('takes no longer than its budget with a collector that stops in its answer', async () => {
    answers = [(response) => void response.writeHead(200, { 'content-length': '100' }).write('half')];
    const to = destination();
    to.send('logs', logs('a'), 7);
    await until(() => arrived.length === 1);
    const end = await Promise.race([to.close(50).then(() => 'closed'), later('late', 5000)]);
    expect(end).toBe('closed');
    expect(to.report()).toMatchObject({ requests: 0, dropped: 7 });
  });

  test('without anything to send is at once', async () => {
    const to = destination();
    await to.close(60_000);
    expect(arrived).toEqual([]);
    expect(to.report()).toMatchObject({ state: 'ok', requests: 0, dropped: 0 });
  });

  test('drops and counts what comes afterwards', async () => {
    const to = destination();
    await to.close(1000);
    to.send('logs', logs('late'), 7);
    await to.close(1000);
    expect(arrived).toEqual([]);
    expect(to.report().dropped).toBe(7);
  });
});

function later(word: string, ms: number): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve(word), ms).unref());
}
