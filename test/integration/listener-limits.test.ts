import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Listener, type Received, startListener } from '../../src/pipeline/listener/listener.ts';
import { startListeningProcess } from '../support/listening-process.ts';
import { head, openRaw, type RawConnection, until } from '../support/raw-http.ts';

/** What the limits count in: headers 5, a silent body 10, a body 60. */
const tickMs = 20;
const path = '/s3cret/v1/logs';
const whole = `${head(path, { 'content-length': 4 })}body`;

let listener: Listener;
let received: Received[];
let full: Promise<void> | null;
beforeEach(async () => {
  received = [];
  full = null;
  listener = await startListener(
    's3cret',
    async () => ({ accept: (each) => received.push(each), room: () => full }),
    tickMs,
  );
});
afterEach(() => listener.close());

async function open(...text: string[]): Promise<RawConnection> {
  const connection = await openRaw(listener.url);
  for (const part of text) connection.socket.write(part);
  return connection;
}

/** One that has shown the secret. */
async function openKnown(): Promise<RawConnection> {
  const connection = await open(whole);
  await until(() => connection.statuses().length === 1);
  return connection;
}

describe('a connection that is slow', () => {
  test('with its first headers is closed and counted', async () => {
    const { socket, closed, answers } = await open('POST ');
    const drip = setInterval(() => socket.write('/'), tickMs / 2);
    await closed;
    clearInterval(drip);
    expect(answers()).toBe('');
    expect([listener.timeouts(), listener.strangers()]).toEqual([1, 0]);
  });

  test('with later headers is closed and counted', async () => {
    const { socket, closed, statuses } = await openKnown();
    socket.write(head(path).slice(0, -2));
    await closed;
    expect(statuses()).toEqual([200]);
    expect([listener.timeouts(), listener.strangers()]).toEqual([1, 0]);
  });

  test('and says nothing of its body is closed and counted', async () => {
    const { closed, answers } = await open(head(path, { 'content-length': 100 }), 'half');
    await closed;
    expect(answers()).toBe('');
    expect(received).toEqual([]);
    expect([listener.timeouts(), listener.strangers()]).toEqual([1, 0]);
  });

  test('and drips its body is closed and counted', async () => {
    const { socket, closed } = await open(head(path, { 'content-length': 100_000 }));
    const drip = setInterval(() => socket.write('x'), tickMs / 2);
    await closed;
    clearInterval(drip);
    expect(received).toEqual([]);
    expect(listener.timeouts()).toBe(1);
  });

  test('without having said anything is closed, and is no sign of anything', async () => {
    await (await open()).closed;
    expect([listener.timeouts(), listener.strangers()]).toEqual([0, 0]);
  });
});

describe('a connection that is left alone', () => {
  test('lives on when it has shown the secret', async () => {
    const { socket, statuses } = await openKnown();
    await sleep(20 * tickMs);
    socket.write(whole);
    await until(() => statuses().length === 2);
    expect(received).toHaveLength(2);
  });

  test('lives on while it is we who do not read its body', async () => {
    let makeRoom = () => {};
    full = new Promise((resolve) => {
      makeRoom = resolve;
    });
    const { socket, statuses } = await open(head(path, { 'content-length': 8 }), 'half');
    await sleep(80 * tickMs);
    full = null;
    makeRoom();
    socket.write('half');
    await until(() => statuses().length === 1);
    expect(`${received[0]?.body}`).toBe('halfhalf');
  });
});

describe.runIf(process.platform === 'linux')('a CLI that went on while ai-trace stood still', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'ai-trace-listener-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  test.each([
    ['headers', 'POST ', whole.slice('POST '.length)],
    ['body', whole.slice(0, -2), whole.slice(-2)],
  ])('is not closed in the middle of its %s', async (_, before, after) => {
    const listening = await startListeningProcess(dir, 150);
    try {
      const { socket, statuses } = await openRaw(listening.url);
      socket.write(before);
      await listening.said('connection');
      await listening.stop();
      socket.write(after);
      await sleep(3000);
      listening.resume();
      await listening.said('accepted 4');
      await until(() => statuses().length === 1);
      expect(statuses()).toEqual([200]);
    } finally {
      await listening.end();
    }
  });
});

describe('when there are too many connections', () => {
  test('the oldest that has not shown the secret makes room', async () => {
    const known = await openKnown();
    const oldest = await open();
    const others = await Promise.all(Array.from({ length: 127 }, () => open()));
    await oldest.closed;
    expect(listener.connections()).toBe(128);
    known.socket.write(whole);
    await until(() => known.statuses().length === 2);
    for (const { socket } of others) socket.destroy();
  });

  test('nobody who has shown the secret is closed for a stranger', async () => {
    const all = await Promise.all(Array.from({ length: 128 }, openKnown));
    await (await open('GET / HTTP/1.1\r\n')).closed;
    expect(listener.connections()).toBe(128);
    expect(listener.strangers()).toBe(1);
    for (const { socket } of all) socket.write(whole);
    await until(() => received.length === 256);
  });
});

describe('while there is no room', () => {
  let makeRoom: () => void;
  beforeEach(() => {
    full = new Promise((resolve) => {
      makeRoom = () => {
        full = null;
        resolve();
      };
    });
  });

  test('bodies wait, and come in their order when there is', async () => {
    const { socket, statuses } = await open(whole, whole.replace('body', 'next'));
    await sleep(20);
    expect(received).toEqual([]);
    makeRoom();
    await until(() => statuses().length === 2);
    expect(statuses()).toEqual([200, 200]);
    expect(received.map(({ body }) => `${body}`)).toEqual(['body', 'next']);
    socket.destroy();
  });

  test('a promise of room that is not kept is asked for again', async () => {
    const { statuses } = await open(whole);
    const again = makeRoom;
    let resolveNext = () => {};
    const next = new Promise<void>((resolve) => {
      resolveNext = resolve;
    });
    again();
    full = next;
    await sleep(20);
    expect(received).toEqual([]);
    full = null;
    resolveNext();
    await until(() => statuses().length === 1);
  });

  test('strangers are refused at once', async () => {
    const { statuses, closed } = await open(head('/v1/logs', { 'content-length': 4 }));
    await closed;
    expect(statuses()).toEqual([404]);
  });

  test('a sender that has gone by then is heard all the same', async () => {
    const { socket } = await open(whole);
    await until(() => listener.connections() === 1);
    socket.destroy();
    await once(socket, 'close');
    await sleep(20);
    makeRoom();
    await until(() => received.length === 1);
    expect(`${received[0]?.body}`).toBe('body');
    await until(() => listener.connections() === 0);
  });
});

test('a room that fails counts as room', async () => {
  const failing = await startListener('s3cret', async () => ({
    accept: (each) => received.push(each),
    room: () => Promise.reject(new Error('broken')),
  }));
  const { socket, statuses } = await openRaw(failing.url);
  socket.write(whole);
  await until(() => statuses().length === 1);
  expect(statuses()).toEqual([200]);
  expect(received).toHaveLength(1);
  await failing.close();
});
