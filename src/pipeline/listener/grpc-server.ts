import type { Socket } from 'node:net';
import {
  ResponderBuilder,
  Server,
  ServerCredentials,
  ServerInterceptingCall,
  type ServerInterceptor,
  ServerListenerBuilder,
  type ServiceDefinition,
  status,
} from '@grpc/grpc-js';
import { mediaTypes } from '../../otlp/media.ts';
import type { Signal } from '../../otlp/types.ts';
import type { Intake } from './listener.ts';
import { secretHeader } from './request-target.ts';
import { secretCheck } from './secret.ts';
import { roomIn, takeIn } from './take-in.ts';

export interface GrpcServer {
  /** Speaks HTTP/2 on a connection that was accepted elsewhere and is paused. */
  serve(socket: Socket): GrpcConnection;
}

export interface GrpcConnection {
  /** It has shown the secret. */
  isKnown(): boolean;
}

/** The limit of the OTLP/HTTP listener; the library holds it before and after decompression. Bytes. */
const messageLimit = 64 * 1024 * 1024;

/** Requests at a time on one connection: Codex has one under way. */
const streamLimit = 8;

/** `ExportTraceServiceRequest` and the like are taken as they are: the same bytes as in OTLP/HTTP. */
const services: readonly { signal: Signal; path: string }[] = [
  { signal: 'logs', path: 'logs.v1.LogsService' },
  { signal: 'traces', path: 'trace.v1.TraceService' },
  { signal: 'metrics', path: 'metrics.v1.MetricsService' },
];

/**
 * The three Export services of OTLP/gRPC. Who does not send the secret gets `UNAUTHENTICATED` before a byte of
 * the message is taken; everybody else gets `OK` as soon as the request is kept, whatever it is: any other
 * answer costs the user time at exit.
 */
export function createGrpcServer(secret: string, intake: Intake): GrpcServer {
  /** Address and port of the sender → of the connections that are open. */
  const known = new Map<string, boolean>();
  const server = new Server({
    'grpc.max_receive_message_length': messageLimit,
    'grpc.max_concurrent_streams': streamLimit,
    interceptors: [guard(secret, known)],
  });
  for (const { signal, path } of services) {
    server.addService(exportService(path), {
      export: (call: { request: Buffer }, answer: (error: null, value: Buffer) => void) => {
        take(intake, signal, call.request).then(() => answer(null, Buffer.alloc(0)));
      },
    });
  }
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  return {
    serve: (socket) => {
      const peer = `${socket.remoteAddress}:${socket.remotePort}`;
      known.set(peer, false);
      let isKnown = false;
      socket.once('close', () => {
        isKnown = known.get(peer) === true;
        known.delete(peer);
      });
      injector.injectConnection(socket);
      socket.resume();
      return { isKnown: () => isKnown || known.get(peer) === true };
    },
  };
}

async function take(intake: Intake, signal: Signal, body: Buffer): Promise<void> {
  await roomIn(intake);
  const contentType = mediaTypes.protobuf;
  takeIn(intake, { signal, contentType, contentEncoding: undefined, body, at: Date.now() });
}

function guard(secret: string, known: Map<string, boolean>): ServerInterceptor {
  const isSecret = secretCheck(secret);
  return (_method, call) => {
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, proceed) => {
        if (metadata.get(secretHeader).some((guess) => isSecret(String(guess)))) {
          known.set(call.getPeer(), true);
          proceed(metadata);
        } else {
          call.sendStatus({ code: status.UNAUTHENTICATED, details: 'not of this session' });
        }
      })
      .build();
    return new ServerInterceptingCall(
      call,
      new ResponderBuilder().withStart((start) => start(listener)).build(),
    );
  };
}

function exportService(path: string): ServiceDefinition {
  const asItIs = (bytes: Buffer) => bytes;
  return {
    export: {
      path: `/opentelemetry.proto.collector.${path}/Export`,
      requestStream: false,
      responseStream: false,
      requestSerialize: asItIs,
      requestDeserialize: asItIs,
      responseSerialize: asItIs,
      responseDeserialize: asItIs,
    },
  };
}
