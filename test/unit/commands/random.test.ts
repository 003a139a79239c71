import { describe, expect, test } from 'vitest';
import { randomBytes, randomUuid } from '../../../src/commands/random.ts';

describe('random bytes', () => {
  test('are as many as asked for, and others each time', async () => {
    const drawn = await Promise.all(Array.from({ length: 50 }, () => randomBytes(24)));
    expect(drawn.every((bytes) => bytes.length === 24)).toBe(true);
    expect(new Set(drawn.map(String)).size).toBe(50);
  });
});

test('a UUID is of version 4 and its variant', async () => {
  const drawn = await Promise.all(Array.from({ length: 50 }, randomUuid));
  for (const uuid of drawn) {
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  expect(new Set(drawn).size).toBe(50);
});
