import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openIntake } from '../../../src/commands/intake.ts';
import type { Received } from '../../../src/pipeline/listener/listener.ts';
import type { Passage } from '../../../src/pipeline/pipeline.ts';
import type { Journal } from '../../../src/pipeline/spool/journal.ts';

function received(bytes: number): Received {
  return {
    signal: 'logs',
    contentType: undefined,
    contentEncoding: undefined,
    body: Buffer.alloc(bytes),
    at: 1,
  };
}

/** A journal that only notes what is done to it, and requests that wait to be understood. */
function opened(understand?: () => Promise<void>) {
  const done: string[] = [];
  const journal = {
    append: () => done.push('append') - 1,
    settled: (frame: number) => done.push(`settled ${frame}`),
  } as unknown as Journal;
  const passages: Passage[] = [];
  const intake = openIntake(journal, async (_, passage) => {
    done.push('understand');
    passages.push(passage);
    await understand?.();
  });
  return { intake, done, passages };
}

const mebibyte = 1024 * 1024;

test('a request is on disk when its sender may be answered, and understood only then', async () => {
  const { intake, done } = opened();
  intake.accept(received(10));
  expect(done).toEqual(['append']);
  await nextTurn();
  expect(done).toEqual(['append', 'understand']);
});

test('what every destination has is marked in the journal', async () => {
  const { intake, done, passages } = opened();
  intake.accept(received(10));
  await nextTurn();
  passages[0]?.settled();
  expect(done).toContain('settled 0');
});

test('there is no room while 16 MiB wait to be understood', async () => {
  const { intake, passages } = opened();
  intake.accept(received(15 * mebibyte));
  expect(intake.room()).toBeNull();
  intake.accept(received(mebibyte));
  const room = intake.room();
  expect(room).toBeInstanceOf(Promise);

  await nextTurn();
  passages[1]?.read();
  await room;
  expect(intake.room()).toBeNull();
});

test('a pipeline that does not come up keeps nobody waiting', async () => {
  const { intake } = opened(() => Promise.reject(new Error('no such chunk')));
  intake.accept(received(20 * mebibyte));
  await intake.room();
  expect(intake.room()).toBeNull();
  expect(intake.faults()).toBe(1);
});

test('without a journal requests are understood all the same', async () => {
  let understood = 0;
  const intake = openIntake(null, async (_, { settled }) => {
    settled();
    understood += 1;
  });
  intake.accept(received(1));
  await nextTurn();
  expect(understood).toBe(1);
});
