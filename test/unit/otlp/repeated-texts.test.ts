import { expect, test } from 'vitest';
import { RepeatedTexts } from '../../../src/otlp/repeated-texts.ts';

test('latin letters are not taken for the bytes that have their numbers', () => {
  const texts = new RepeatedTexts();
  const [valid, invalid] = [Buffer.from('é'), Buffer.from([0xe9])];
  expect(texts.read(valid, 0, 2)).toBe('é');
  expect(texts.read(invalid, 0, 1)).toBe('\ufffd');
});

test('the same bytes are the same text, wherever they stand', () => {
  const texts = new RepeatedTexts();
  const bytes = Buffer.from('event.name, event.name, é, é, event.names');
  const read = (start: number, text: string) => texts.read(bytes, start, start + Buffer.byteLength(text));
  expect([read(0, 'event.name'), read(12, 'event.name')]).toEqual(['event.name', 'event.name']);
  expect([read(24, 'é'), read(28, 'é')]).toEqual(['é', 'é']);
  expect(read(32, 'event.names')).toBe('event.names');
});

test('long ones are read like all others', () => {
  const long = 'x'.repeat(1000);
  expect(new RepeatedTexts().read(Buffer.from(long), 0, long.length)).toBe(long);
});
