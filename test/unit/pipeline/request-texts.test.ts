import { expect, test } from 'vitest';
import type { AnyValue, ExportRequest, KeyValue, Metric } from '../../../src/otlp/types.ts';
import { rewriteTexts } from '../../../src/pipeline/request-texts.ts';
import { list, log, span } from '../providers/records.ts';

/** The texts that are seen, each rewritten to `new`. */
function seen(request: ExportRequest): string[] {
  const texts: string[] = [];
  rewriteTexts(request, (text) => {
    texts.push(text);
    return 'new';
  });
  return texts.sort();
}

function named(value: string): KeyValue[] {
  return list({ key: value });
}

test('of logs: resource, scope, attributes, body, event name', () => {
  const record = { ...log(1, { key: 'own' }), body: { stringValue: 'body' }, eventName: 'event' };
  const request = {
    resourceLogs: [
      {
        resource: { attributes: named('resource') },
        scopeLogs: [{ scope: { name: 'kept', attributes: named('scope') }, logRecords: [record] }],
      },
    ],
  };
  expect(seen(request)).toEqual(['body', 'event', 'own', 'resource', 'scope']);
  expect(record).toMatchObject({ body: { stringValue: 'new' }, eventName: 'new' });
  expect(record.attributes).toEqual(named('new'));
});

test('of spans: resource, scope, name, status, events, links', () => {
  const record = {
    ...span('name', [1, 2], { key: 'own' }),
    events: [{ name: 'event', attributes: named('of event') }],
    links: [{ attributes: named('of link') }],
    status: { code: 2, message: 'status' },
  };
  const request = {
    resourceSpans: [
      {
        resource: { attributes: named('resource') },
        scopeSpans: [{ scope: { attributes: named('scope') }, spans: [record] }],
      },
    ],
  };
  const expected = ['event', 'name', 'of event', 'of link', 'own', 'resource', 'scope', 'status'];
  expect(seen(request)).toEqual(expected);
  expect(record).toMatchObject({ name: 'new', status: { code: 2, message: 'new' } });
  expect(record.events).toEqual([{ name: 'new', attributes: named('new') }]);
});

test('of metrics: resource, scope, points, exemplars, but not the name', () => {
  const exemplars = [{ filteredAttributes: named('exemplar'), asDouble: 1 }];
  const metric: Metric = {
    name: 'kept',
    gauge: { dataPoints: [{ attributes: named('point'), exemplars }] },
  };
  const request = {
    resourceMetrics: [
      {
        resource: { attributes: named('resource') },
        scopeMetrics: [{ scope: { attributes: named('scope') }, metrics: [metric] }],
      },
    ],
  };
  expect(seen(request)).toEqual(['exemplar', 'point', 'resource', 'scope']);
  expect(metric.name).toBe('kept');
});

test('of values: lists and maps of any depth; bytes go, numbers stay', () => {
  const inner: KeyValue[] = [{ key: 'deep', value: { arrayValue: { values: [{ stringValue: 'leaf' }] } } }];
  const body: AnyValue = {
    arrayValue: {
      values: [{ kvlistValue: { values: inner } }, { bytesValue: new Uint8Array([1]) }, { intValue: 5 }],
    },
  };
  const record = { ...log(1, { key: 'text', number: 5 }), body };
  expect(seen({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] })).toEqual(['leaf', 'text']);
  expect(body.arrayValue?.values.slice(1)).toEqual([{}, { intValue: 5 }]);
});
