import type { Collector, RunOptions } from '../options/run-options.ts';
import type { Destination } from '../pipeline/delivery/destination.ts';
import { FileDestination } from '../pipeline/delivery/file-destination.ts';
import { OtlpDestination } from '../pipeline/delivery/otlp-destination.ts';
import { createTransport } from '../pipeline/delivery/transport/create-transport.ts';
import type { Spool } from '../pipeline/spool/spool.ts';
import { needsHeaders } from './run-record.ts';

/** A CLI tells what happens in small requests, one soon after the other; each that leaves costs us 2 ms of processor time. ms */
const gatheringMs = 100;

/** Where telemetry goes, as the options say. A destination that cannot work says so in its report. */
export async function openDestinations({ forward }: RunOptions, spool: Spool): Promise<Destination[]> {
  const opened = forward.map(async (target): Promise<Destination | null> => {
    if (target.kind === 'none') return null;
    return target.kind === 'file' ? new FileDestination(target.path) : openCollector(target, spool);
  });
  return (await Promise.all(opened)).filter((each) => each !== null);
}

export async function openCollector(target: Collector, spool: Spool): Promise<OtlpDestination> {
  const transport = await createTransport(target, process.env);
  return new OtlpDestination({
    url: target.url,
    needsHeaders: needsHeaders(target),
    transport,
    spool,
    random: Math.random,
    now: () => performance.now(),
    gatheringMs,
  });
}
