import { expect, test } from 'vitest';
import { countRecords } from '../../../src/otlp/count.ts';
import { decodeJson } from '../../../src/otlp/json.ts';
import { decoded } from './comparable.ts';

test('log records of all resources and scopes', () => {
  const text =
    '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{},{}]},{"logRecords":[{}]}]},{"scopeLogs":[{"logRecords":[{}]}]},{}]}';
  expect(countRecords('logs', decoded(decodeJson('logs', text)))).toBe(4);
});

test('spans', () => {
  const text = '{"resourceSpans":[{"scopeSpans":[{"spans":[{},{}]},{}]}]}';
  expect(countRecords('traces', decoded(decodeJson('traces', text)))).toBe(2);
});

test('data points of every kind of metric, none for a metric without data', () => {
  const kinds = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'];
  const metrics = kinds.map((kind) => ({ [kind]: { dataPoints: [{}, {}] } }));
  const text = JSON.stringify({
    resourceMetrics: [{ scopeMetrics: [{ metrics: [...metrics, { name: 'empty' }] }] }],
  });
  expect(countRecords('metrics', decoded(decodeJson('metrics', text)))).toBe(10);
});

test('nothing in an empty request', () => {
  expect(countRecords('metrics', { resourceMetrics: [] })).toBe(0);
});
