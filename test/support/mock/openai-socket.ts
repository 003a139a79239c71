import { type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { RecordedRequest } from './api.ts';
import { errorBody, responseEvents } from './openai-events.ts';
import type { OpenAiModel, ResponsesRequest } from './openai-model.ts';
import type { Reply } from './play.ts';

type ClientFrame = ResponsesRequest & { type: string; generate?: boolean };

/**
 * `GET /v1/responses` with an upgrade: each `response.create` frame is one call, its answer the same events as over HTTP.
 * Without a model every upgrade is refused with 426.
 * @returns drops the connections that are open
 */
export function attachWebSocket(
  http: Server,
  model: OpenAiModel | null,
  requests: RecordedRequest[],
): () => void {
  const sockets = new WebSocketServer({ noServer: true });
  http.on('upgrade', (incoming, stream, head) => {
    const { method = '', url: path = '', headers } = incoming;
    requests.push({ method, path, headers, body: null });
    if (!model) return refuseUpgrade(stream, 426, '');
    const refusal = model.refuseHandshake();
    if (refusal) return refuseUpgrade(stream, refusal.status, JSON.stringify(errorBody(refusal)));
    sockets.handleUpgrade(incoming, stream, head, (socket) => {
      socket.on('message', async (data) => {
        const body = JSON.parse(String(data)) as ClientFrame;
        requests.push({ method: 'WS', path, headers, body });
        if (body.type !== 'response.create') return;
        const reply = socketReply(socket);
        // The prewarm: it opens the way and is neither generated nor billed.
        if (body.generate === false)
          for (const event of responseEvents([], null)) reply.send(JSON.stringify(event));
        else await model.answer(body, reply, JSON.stringify);
      });
    });
  });
  return () => {
    for (const socket of sockets.clients) socket.terminate();
  };
}

function refuseUpgrade(stream: Duplex, status: number, body: string): void {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  stream.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function socketReply(socket: WebSocket): Reply {
  return {
    get open() {
      return socket.readyState === socket.OPEN;
    },
    send: (event) => socket.send(event),
    // The socket stays for the next call.
    end: () => {},
    cut: () => socket.terminate(),
    refuse: (step) => socket.send(JSON.stringify({ type: 'error', status: step.status, ...errorBody(step) })),
  };
}
