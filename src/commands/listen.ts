import type { GrpcListener } from '../pipeline/listener/grpc-listener.ts';
import { joined } from '../pipeline/listener/joined.ts';
import { type Listener, startListener } from '../pipeline/listener/listener.ts';
import type { Journal } from '../pipeline/spool/journal.ts';
import type { RunIntake, StartedRun } from './intake.ts';
import type { LiveTracing } from './live-tracing.ts';
import { randomBytes } from './random.ts';

/** The run's listeners, and what they have taken. */
export interface Listening {
  listener: Listener;
  /** Who does not know it is refused; safe in a URL's path. */
  secret: string;
  /** Base URL of a gRPC listener, which is started with the first call. */
  grpcEndpoint(): Promise<string>;
  /** null while nothing has arrived, or when nothing may be kept on disk. */
  journal(): Journal | null;
  /** Requests that were lost by a fault of ours. */
  faults(): number;
}

/**
 * Opens the listener's socket, and nothing more: what takes requests loads with the first of them, and what
 * understands them is waited for behind the answer. Rejects when it cannot listen.
 * @param dir of the journal
 */
export async function listen(
  dir: string,
  run: StartedRun,
  load: () => Promise<LiveTracing>,
): Promise<Listening> {
  let journal: Journal | null = null;
  let opened: RunIntake | undefined;
  let intake: Promise<RunIntake> | undefined;
  const openOnce = async () => {
    const { openIntake, openJournal } = await import('./intake.ts');
    journal = openJournal(dir, run);
    // Should the loading fail, that is told once, when the CLI has ended.
    opened = openIntake(journal, async (received, passage) => (await load()).accept(received, passage));
    return opened;
  };
  const loadIntake = () => {
    intake ??= openOnce();
    return intake;
  };

  const secret = (await randomBytes(24)).toString('base64url');
  let grpc: GrpcListener | undefined;
  const listener = joined(await startListener(secret, loadIntake), () => grpc);
  return {
    listener,
    secret,
    grpcEndpoint: async () => {
      const { startGrpcListener } = await import('../pipeline/listener/grpc-listener.ts');
      grpc ??= await startGrpcListener(secret, loadIntake);
      return grpc.url;
    },
    journal: () => journal,
    faults: () => opened?.faults() ?? 0,
  };
}
