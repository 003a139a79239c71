import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFrames, encodeFrame } from '../../src/pipeline/spool/frame.ts';

const anyFrame = fc.record({ type: fc.nat(255), payload: fc.uint8Array({ maxLength: 60 }) });
const anyFrames = fc.array(anyFrame, { minLength: 1, maxLength: 8 });
type Written = { type: number; payload: Uint8Array };

/** The file, and where each frame of it begins and ends. */
function write(frames: Written[]): { file: Buffer; spans: { from: number; to: number }[] } {
  const spans: { from: number; to: number }[] = [];
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const { type, payload } of frames) {
    const piece = Buffer.concat(encodeFrame(type, [payload.subarray(0, 7), payload.subarray(7)]));
    spans.push({ from: at, to: at + piece.length });
    at += piece.length;
    pieces.push(piece);
  }
  return { file: Buffer.concat(pieces), spans };
}

const plain = (frames: Written[]) =>
  frames.map(({ type, payload }) => [type, Buffer.from(payload).toString('hex')]);

describe('frames', () => {
  test('are read back as they were written', () => {
    fc.assert(
      fc.property(anyFrames, (frames) => {
        const read = decodeFrames(write(frames).file);
        expect(plain(read.frames)).toEqual(plain(frames));
        expect(read.damaged).toBe(0);
      }),
    );
  });

  test('cut off at any byte lose only the one that is cut', () => {
    fc.assert(
      fc.property(anyFrames, (frames) => {
        const { file, spans } = write(frames);
        for (let end = 0; end <= file.length; end++) {
          const read = decodeFrames(file.subarray(0, end));
          const whole = spans.filter(({ to }) => to <= end).length;
          expect(plain(read.frames)).toEqual(plain(frames.slice(0, whole)));
          expect(read.damaged).toBe(spans.some(({ from, to }) => from < end && end < to) ? 1 : 0);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('lose only those whose bytes were changed', () => {
    const anyFlips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(anyFrames, anyFlips, (frames, flips) => {
        const { file, spans } = write(frames);
        const before = Buffer.from(file);
        for (const [place, bits] of flips) {
          const at = place % file.length;
          file.writeUInt8(file.readUInt8(at) ^ bits, at);
        }
        const isIntact = ({ from, to }: { from: number; to: number }) =>
          file.subarray(from, to).equals(before.subarray(from, to));
        const intact = frames.filter((_, index) => isIntact(spans[index] ?? { from: 0, to: 0 }));
        const read = decodeFrames(file);
        expect(plain(read.frames)).toEqual(plain(intact));
        expect(read.damaged > 0).toBe(intact.length < frames.length);
      }),
      { numRuns: 500 },
    );
  });

  test('behind bytes of anything are found again', () => {
    fc.assert(
      fc.property(
        anyFrames,
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        anyFrames,
        (first, garbage, then) => {
          const file = Buffer.concat([write(first).file, garbage, write(then).file]);
          const read = decodeFrames(file);
          expect(plain(read.frames)).toEqual(plain([...first, ...then]));
          expect(read.damaged).toBe(1);
        },
      ),
    );
  });

  test('do not come out of the payload of a damaged one', () => {
    fc.assert(
      fc.property(anyFrames, anyFrame, fc.nat(), (inner, last, place) => {
        const hidden = write(inner).file;
        const { file } = write([{ type: 1, payload: hidden }, last]);
        const at = 20 + (place % hidden.length);
        file.writeUInt8(file.readUInt8(at) ^ 1, at);
        const read = decodeFrames(file);
        expect(plain(read.frames)).toEqual(plain([last]));
        expect(read.damaged).toBe(1);
      }),
    );
  });

  test('are read from any bytes without a throw', () => {
    const magic = Buffer.from(encodeFrame(0, [])[0] ?? []).subarray(0, 4);
    const anyBytes = fc
      .array(fc.oneof(fc.uint8Array({ maxLength: 30 }), fc.constant(magic)), { maxLength: 12 })
      .map((parts) => Buffer.concat(parts));
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(decodeFrames(bytes)).toEqual({ frames: [], damaged: bytes.length > 0 ? 1 : 0 });
      }),
    );
  });
});
