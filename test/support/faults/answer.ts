import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodingOf, mediaTypes, successBody } from '../../../src/otlp/media.ts';
import { responseTypes } from '../../../src/otlp/schema.ts';
import type { ExportRequest, Signal } from '../../../src/otlp/types.ts';
import type { Behaviour } from './behaviour.ts';
import { hasAttribute } from './records.ts';

export interface Asked {
  signal: Signal;
  contentType: string | undefined;
  /** null where bodies are not read. */
  request: ExportRequest | null;
}

/** Answers, or does not. @returns whether the sender was told that its records were taken */
export async function answer(behaviour: Behaviour, asked: Asked, response: ServerResponse): Promise<boolean> {
  switch (behaviour.kind) {
    case 'ok':
      return success(asked, response);
    case 'slow':
      await sleep(behaviour.ms);
      return success(asked, response);
    case 'bad_record':
      if (asked.request === null || !hasAttribute(asked.request, behaviour.key))
        return success(asked, response);
      response.writeHead(400).end();
      return false;
    case 'partial':
      return success(asked, response, partial(asked, behaviour.rejected));
    case 'garbage':
      return success(asked, response, Buffer.from([0xff, 0x00, 0xff, 0x7b, 0x0a]));
    case 'wrong_type':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Welcome</body></html>');
      return true;
    case 'status': {
      const { status, retryAfter, location } = behaviour;
      response.writeHead(status, {
        ...(retryAfter !== undefined && { 'retry-after': retryAfter }),
        ...(location !== undefined && { location }),
      });
      response.end();
      return false;
    }
    case 'hang_headers':
      response.socket?.write('HTTP/1.1 200 OK\r\ncontent-type: applica');
      return false;
    case 'hang_body':
      response.socket?.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"partial');
      return false;
    case 'reset': {
      const { socket } = response;
      socket?.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"partial', () =>
        socket.resetAndDestroy(),
      );
      return false;
    }
    case 'hang':
    case 'hang_connect':
    case 'closed':
      return false;
  }
}

/** A sender that has gone meanwhile will not know of it. */
function success({ contentType }: Asked, response: ServerResponse, body?: Buffer): boolean {
  if (response.destroyed || response.socket?.destroyed !== false) return false;
  response.writeHead(200, { 'content-type': mediaTypes[encodingOf(contentType) ?? 'protobuf'] });
  response.end(body ?? successBody(contentType));
  return true;
}

function partial({ signal, contentType }: Asked, rejected: number): Buffer {
  const count = { logs: 'rejectedLogRecords', traces: 'rejectedSpans', metrics: 'rejectedDataPoints' }[
    signal
  ];
  const message = { partialSuccess: { [count]: rejected, errorMessage: 'too old' } };
  if (encodingOf(contentType) === 'json') return Buffer.from(JSON.stringify(message));
  return Buffer.from(responseTypes[signal].encode(message).finish());
}
