import { spawnSync } from 'node:child_process';
import type { Received } from '../../../../src/pipeline/listener/listener.ts';
import type { SpoolEntry } from '../../../../src/pipeline/spool/entry.ts';
import { createOwner, type Owner } from '../../../../src/pipeline/spool/owner.ts';
import type { Kept, OwnedEntry } from '../../../../src/pipeline/spool/spool.ts';

export const entry: SpoolEntry = {
  destination: 'http://127.0.0.1:4318',
  needsHeaders: false,
  signal: 'logs',
  records: 3,
  at: 1_800_000_000_000,
};

export function received(body: string | Uint8Array, more: Partial<Received> = {}): Received {
  return {
    signal: 'traces',
    contentType: 'application/x-protobuf',
    contentEncoding: undefined,
    body: Buffer.from(body),
    at: 1_800_000_000_000,
    ...more,
  };
}

/** This process. */
export const living = createOwner(process.pid, null);

/** A process that has ended. */
export function deadOwner(): Owner {
  return createOwner(spawnSync(process.execPath, ['--version']).pid, null);
}

/** What was kept. @throws when it was not. */
export function entryOf(kept: Kept): OwnedEntry {
  if (kept.kind === 'failed') throw new Error(`not kept: ${kept.reason}`);
  return kept.entry;
}
