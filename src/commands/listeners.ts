import type { GrpcListener } from '../pipeline/listener/grpc-listener.ts';
import { joined } from '../pipeline/listener/joined.ts';
import { type Intake, type Listener, startListener } from '../pipeline/listener/listener.ts';
import { randomBytes } from './random.ts';

export interface Listeners {
  /** Both as one. */
  listener: Listener;
  /** Who does not know it is refused; safe in a URL's path. */
  secret: string;
  /** Base URL of a gRPC listener, which is started with the first call. */
  grpcEndpoint(): Promise<string>;
}

/** Opens the listener's socket, and nothing more. Rejects when it cannot listen. @param load what takes requests, with the first of them */
export async function openListeners(load: () => Promise<Intake>): Promise<Listeners> {
  const secret = (await randomBytes(24)).toString('base64url');
  let grpc: GrpcListener | undefined;
  return {
    listener: joined(await startListener(secret, load), () => grpc),
    secret,
    grpcEndpoint: async () => {
      const { startGrpcListener } = await import('../pipeline/listener/grpc-listener.ts');
      grpc ??= await startGrpcListener(secret, load);
      return grpc.url;
    },
  };
}
