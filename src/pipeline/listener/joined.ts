import type { GrpcListener } from './grpc-listener.ts';
import type { Listener } from './listener.ts';

/**
 * Both listeners of a run as one.
 * @param grpc undefined as long as there is none.
 */
export function joined(http: Listener, grpc: () => GrpcListener | undefined): Listener {
  return {
    ...http,
    connections: () => http.connections() + (grpc()?.connections() ?? 0),
    lastRequestAt: () => Math.max(http.lastRequestAt(), grpc()?.lastRequestAt() ?? 0),
    strangers: () => http.strangers() + (grpc()?.strangers() ?? 0),
    warmUp: () => {
      http.warmUp();
      grpc()?.warmUp();
    },
    close: async () => {
      await Promise.all([http.close(), grpc()?.close()]);
    },
  };
}
