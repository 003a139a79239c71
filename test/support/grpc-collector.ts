import {
  type handleUnaryCall,
  type Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';

export interface GrpcRequest {
  /** `/opentelemetry.proto.collector.logs.v1.LogsService/Export` */
  path: string;
  metadata: Metadata;
  body: Buffer;
}

export interface GrpcCollector {
  port: number;
  requests: readonly GrpcRequest[];
}

/** How to answer; the default takes everything. */
export type GrpcReply = (send: sendUnaryData<Buffer>, call: ServerUnaryCall<Buffer, Buffer>) => void;

const services = {
  logs: 'opentelemetry.proto.collector.logs.v1.LogsService',
  traces: 'opentelemetry.proto.collector.trace.v1.TraceService',
  metrics: 'opentelemetry.proto.collector.metrics.v1.MetricsService',
};

/** An OTLP/gRPC server on a free port of 127.0.0.1. */
export async function startGrpcCollector(
  credentials: ServerCredentials = ServerCredentials.createInsecure(),
  reply: GrpcReply = (send) => send(null, Buffer.alloc(0)),
): Promise<GrpcCollector> {
  const requests: GrpcRequest[] = [];
  const server = new Server();
  const same = (bytes: Buffer) => bytes;
  for (const service of Object.values(services)) {
    const path = `/${service}/Export`;
    const handle: handleUnaryCall<Buffer, Buffer> = (call, send) => {
      requests.push({ path, metadata: call.metadata, body: call.request });
      reply(send, call);
    };
    server.register(path, handle, same, same, 'unary');
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  onTestFinished(() => server.forceShutdown());
  return { port, requests };
}
