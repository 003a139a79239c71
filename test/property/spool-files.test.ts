import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeEntry, encodeEntry } from '../../src/pipeline/spool/entry.ts';
import { encodeFrame } from '../../src/pipeline/spool/frame.ts';
import { Journal } from '../../src/pipeline/spool/journal.ts';
import { type ClaimedJournal, orphans } from '../../src/pipeline/spool/orphans.ts';
import { Spool } from '../../src/pipeline/spool/spool.ts';
import { deadOwner, living, received } from '../unit/pipeline/spool/made-up.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'ai-trace-spool-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const owner = deadOwner();
const anySignal = fc.constantFrom('logs', 'traces', 'metrics');

/** Names and contents of the only journal's segments. */
function segments(): { path: string; bytes: Buffer }[] {
  const [journal = ''] = readdirSync(dir);
  const paths = readdirSync(join(dir, journal)).map((name) => join(dir, journal, name));
  return paths.sort().map((path) => ({ path, bytes: readFileSync(path) }));
}

/** Runs `look` on the journal as it was found, and puts it back. */
function claiming(look: (journal: ClaimedJournal) => void): void {
  const claimed = orphans(dir, living)[0]?.claim();
  if (!claimed) throw new Error('no journal');
  look(claimed);
  claimed.release();
}

describe('a journal', () => {
  test('cut off at any byte keeps every request before', () => {
    const anyBodies = fc.array(fc.uint8Array({ maxLength: 50 }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(anyBodies, fc.nat(), (bodies, place) => {
        const journal = Journal.open({ dir, runId: 'r', owner, about: 1 });
        const ends = bodies.map((body) => {
          journal.append(received(body));
          return segments()[0]?.bytes.length ?? 0;
        });
        const first = ends[0] ?? 0;
        for (const { path, bytes } of segments()) {
          const end = first + (place % (bytes.length - first + 1));
          writeFileSync(path, bytes.subarray(0, end));
          const whole = ends.filter((each) => each <= end).length;
          claiming((claimed) => {
            const read = [...claimed.requests()].map(({ received: { body } }) => body.toString('hex'));
            expect(read).toEqual(bodies.slice(0, whole).map((body) => Buffer.from(body).toString('hex')));
            expect(claimed).toMatchObject({ about: 1, isWhole: true, damaged: ends.includes(end) ? 0 : 1 });
          });
        }
        orphans(dir, living)[0]?.claim()?.remove();
      }),
      { numRuns: 150 },
    );
  });

  test('of any frames is read without a throw', () => {
    const anyJson = fc.json({ maxDepth: 2 }).map((text) => Buffer.from(text));
    const anyPayload = fc.oneof(anyJson, fc.uint8Array({ maxLength: 30 }));
    const anyFile = fc
      .array(fc.tuple(fc.nat(5), anyPayload), { maxLength: 6 })
      .map((frames) => Buffer.concat(frames.flatMap(([type, payload]) => encodeFrame(type, [payload]))));
    fc.assert(
      fc.property(fc.array(anyFile, { minLength: 1, maxLength: 3 }), (files) => {
        Journal.open({ dir, runId: 'r', owner, about: 1 }).append(received('mine'));
        const [{ path } = { path: '' }] = segments();
        files.forEach((file, index) => {
          writeFileSync(path.replace('000000.segment', `00001${index}.segment`), file);
        });
        const claimed = orphans(dir, living)[0]?.claim();
        expect([...(claimed?.requests() ?? [])].map(({ received: { body } }) => body.toString())).toEqual([
          'mine',
        ]);
        claimed?.remove();
        expect(readdirSync(dir)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

describe('an entry', () => {
  const anyEntry = fc.record({
    destination: fc.webUrl(),
    needsHeaders: fc.boolean(),
    signal: anySignal,
    records: fc.nat(),
    at: fc.oneof(fc.nat(), fc.integer(), fc.constant(8.64e15)),
  });

  test('is read back, whatever it says', () => {
    fc.assert(
      fc.property(anyEntry, fc.uint8Array({ maxLength: 300 }), (entry, body) => {
        const spool = new Spool({ dir, limitBytes: 1e6, owner: living });
        const kept = spool.keep(entry, body);
        if (kept.kind === 'failed') throw new Error(kept.reason);
        kept.entry.release();
        const claimed = spool.waiting()[0]?.claim();
        expect(claimed).toMatchObject(entry);
        expect(claimed?.read()).toEqual(Buffer.from(body));
        claimed?.remove();
        expect(readdirSync(dir)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('cut off or changed anywhere is none', () => {
    fc.assert(
      fc.property(
        anyEntry,
        fc.uint8Array({ maxLength: 60 }),
        fc.integer({ min: 1, max: 255 }),
        (entry, body, bits) => {
          const file = Buffer.concat(encodeEntry(entry, body));
          expect(decodeEntry(file)).toEqual({ entry, body: Buffer.from(body) });
          for (let at = 0; at < file.length; at++) {
            expect(decodeEntry(file.subarray(0, at))).toBeNull();
            const changed = Buffer.from(file);
            changed.writeUInt8(changed.readUInt8(at) ^ bits, at);
            expect(decodeEntry(changed)).toBeNull();
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('under the right name, of any frames, is read without a throw', () => {
    const anyFrames = fc.array(fc.tuple(fc.nat(3), fc.json({ maxDepth: 1 })), { maxLength: 3 });
    fc.assert(
      fc.property(anyFrames, (frames) => {
        const file = frames.flatMap(([type, text]) => encodeFrame(type, [Buffer.from(text)]));
        expect(decodeEntry(Buffer.concat(file))).toBeNull();
      }),
    );
  });

  test('is found among files of any name, which stay', () => {
    const spool = new Spool({ dir, limitBytes: 1e6, owner: living });
    const kept = spool.keep(
      { destination: 'http://127.0.0.1', needsHeaders: false, signal: 'logs', records: 1, at: 1 },
      Buffer.from('x'),
    );
    if (kept.kind === 'kept') kept.entry.release();
    const [ours = ''] = readdirSync(dir);
    const anyChange = fc.tuple(fc.nat(ours.length - 1), fc.constantFrom('-', '.', 'x', '~', 'ä'));
    const names = new Set<string>([ours]);
    fc.assert(
      fc.property(anyChange, ([at, text]) => {
        const name = `${ours.slice(0, at)}${text}${ours.slice(at + 1)}`;
        fc.pre(ours[at] !== text);
        writeFileSync(join(dir, name), 'x');
        names.add(name);
        expect(spool.waiting()).toHaveLength(1);
        expect(new Set(readdirSync(dir))).toEqual(names);
      }),
      { numRuns: 100 },
    );
  });
});
