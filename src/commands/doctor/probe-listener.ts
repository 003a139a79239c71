import { type GrpcListener, startGrpcListener } from '../../pipeline/listener/grpc-listener.ts';
import { joined } from '../../pipeline/listener/joined.ts';
import { type Listener, startListener } from '../../pipeline/listener/listener.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import { openIntake } from '../intake.ts';
import { randomBytes } from '../random.ts';

/** The listeners of a session, but that nothing of what they take is kept on disk. */
export interface ProbeListener {
  listener: Listener;
  secret: string;
  /** Base URL of a gRPC listener, which is started with the first call. */
  grpcEndpoint(): Promise<string>;
  /** When the first request came, `performance.now()`; null before. */
  receivedAt(): number | null;
  /** Requests that were lost by a fault of ours. */
  faults(): number;
}

/** Rejects when it cannot listen. */
export async function startProbeListener(pipeline: Pipeline): Promise<ProbeListener> {
  let receivedAt: number | null = null;
  const intake = openIntake(null, async (received, passage) => {
    receivedAt ??= performance.now();
    pipeline.accept(received, passage);
  });
  const load = async () => intake;
  const secret = (await randomBytes(24)).toString('base64url');
  let grpc: GrpcListener | undefined;
  return {
    listener: joined(await startListener(secret, load), () => grpc),
    secret,
    grpcEndpoint: async () => {
      grpc ??= await startGrpcListener(secret, load);
      return grpc.url;
    },
    receivedAt: () => receivedAt,
    faults: () => intake.faults(),
  };
}
