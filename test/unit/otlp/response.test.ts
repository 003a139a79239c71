import protobuf from 'protobufjs/light.js';
import { describe, expect, test } from 'vitest';
import { readResponse } from '../../../src/otlp/response.ts';

const success = { rejected: 0, message: '' };

describe('JSON', () => {
  test.each([
    '{}',
    '{"partialSuccess":{}}',
    '{"partialSuccess":null}',
    '',
    'OK',
    '[]',
    '{"partialSuccess":7}',
  ])('%s is full success', (body) => {
    expect(readResponse('traces', 'application/json', Buffer.from(body))).toEqual(success);
  });

  test.each([
    ['logs', 'rejectedLogRecords', '"3"'],
    ['traces', 'rejectedSpans', '3'],
    ['metrics', 'rejectedDataPoints', '"3"'],
  ] as const)('rejected %s', (signal, member, count) => {
    const body = `{"partialSuccess":{"${member}":${count},"errorMessage":"too old"}}`;
    expect(readResponse(signal, 'application/json; charset=utf-8', Buffer.from(body))).toEqual({
      rejected: 3,
      message: 'too old',
    });
  });

  test('a warning rejects nothing', () => {
    const body = '{"partialSuccess":{"errorMessage":"use /v2"}}';
    expect(readResponse('logs', 'application/json', Buffer.from(body))).toEqual({
      rejected: 0,
      message: 'use /v2',
    });
  });
});

describe('protobuf', () => {
  test('nothing, and the empty partial success of the OpenTelemetry Collector', () => {
    expect(readResponse('traces', 'application/x-protobuf', new Uint8Array())).toEqual(success);
    expect(readResponse('traces', 'application/x-protobuf', Uint8Array.of(0x0a, 0x00))).toEqual(success);
  });

  test.each(['logs', 'traces', 'metrics'] as const)('rejected %s', (signal) => {
    // partial_success = 1 { rejected = 1, error_message = 2 }, the same for the three signals.
    const body = protobuf.Writer.create();
    body.uint32(0x0a).fork().uint32(0x08).int64(12).uint32(0x12).string('too old').ldelim();
    expect(readResponse(signal, 'application/x-protobuf', body.finish())).toEqual({
      rejected: 12,
      message: 'too old',
    });
  });

  test('what is no protobuf counts as success', () => {
    expect(readResponse('logs', 'application/x-protobuf', Buffer.from('<html>'))).toEqual(success);
  });
});

test.each(['text/html', undefined])('a body of type %s counts as success', (contentType) => {
  expect(readResponse('logs', contentType, Buffer.from('<html>'))).toEqual(success);
});
