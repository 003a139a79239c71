import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RepeatedTexts } from '../../src/otlp/repeated-texts.ts';

test('any bytes read like by a Buffer, whatever was read before', () => {
  const texts = new RepeatedTexts();
  // Few different bytes: many are equal, and many of the others share a place.
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.array(fc.constantFrom(0x61, 0x62, 0xc3, 0xa9, 0xe9, 0xff), { maxLength: 3 }),
    fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => [...Buffer.from(text)]),
  );
  fc.assert(
    fc.property(fc.array(bytes), fc.nat({ max: 5 }), (list, before) => {
      const buffers = list.map((each) => Buffer.concat([Buffer.alloc(before, 'x'), Buffer.from(each)]));
      const read = buffers.map((buffer) => texts.read(buffer, before, buffer.length));
      expect(read).toEqual(buffers.map((buffer) => buffer.toString('utf8', before)));
    }),
    { numRuns: 300 },
  );
});
