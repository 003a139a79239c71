import { describe, expect, test } from 'vitest';
import { Deliveries } from '../../../src/pipeline/deliveries.ts';

const body = (text: string) => Buffer.from(text);

describe('a delivery', () => {
  test('of the same bytes is a repeated one', () => {
    const deliveries = new Deliveries();
    expect(deliveries.isRepeated('logs', body('a'))).toBe(false);
    expect(deliveries.isRepeated('logs', body('b'))).toBe(false);
    expect(deliveries.isRepeated('logs', body('a'))).toBe(true);
    expect(deliveries.isRepeated('logs', body('a'))).toBe(true);
  });

  test('of another signal is not', () => {
    const deliveries = new Deliveries();
    deliveries.isRepeated('logs', body('a'));
    expect(deliveries.isRepeated('traces', body('a'))).toBe(false);
  });

  test('of another run is not', () => {
    new Deliveries().isRepeated('logs', body('a'));
    expect(new Deliveries().isRepeated('logs', body('a'))).toBe(false);
  });

  test('is forgotten after many others, the oldest first', () => {
    const deliveries = new Deliveries();
    for (let i = 0; i < 129; i++) deliveries.isRepeated('logs', body(`${i}`));
    expect(deliveries.isRepeated('logs', body('128'))).toBe(true);
    expect(deliveries.isRepeated('logs', body('0'))).toBe(false);
  });
});
