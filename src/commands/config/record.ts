import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../files/atomic.ts';
import type { ProviderId } from '../../providers/provider.ts';
import type { Memory } from './editor.ts';

/** What we have written into one file of a CLI, so that it can be taken out to the byte. */
export interface WriteRecord {
  schema: 1;
  provider: ProviderId;
  file: string;
  endpoint: string;
  /** False when the file is ours altogether. */
  existed: boolean;
  /** Folders that were made for it, the outermost first. */
  madeFolders: readonly string[];
  /** The user has agreed that settings of theirs are put out of force. */
  forced: boolean;
  /** SHA-256 of the file as we left it. */
  written: string;
  memory: Memory;
}

/** Kept beside our own state, for the file of a CLI belongs to the user: the record and the text as it was before. */
export class Records {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** null where there is none that can be read. */
  find(provider: ProviderId, file: string): WriteRecord | null {
    try {
      const record: unknown = JSON.parse(readFileSync(this.#recordFile(provider, file), 'utf8'));
      return isRecord(record) && record.file === file ? record : null;
    } catch {
      return null;
    }
  }

  /** The text before we wrote; undefined where it cannot be read any more. */
  original(provider: ProviderId, file: string): string | undefined {
    try {
      return readFileSync(this.backupFile(provider, file), 'utf8');
    } catch {
      return undefined;
    }
  }

  /** @throws when it cannot be kept: without it nothing may be written. */
  async keep(record: WriteRecord, original: string): Promise<void> {
    const { provider, file } = record;
    mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
    await write(this.backupFile(provider, file), original);
    await write(this.#recordFile(provider, file), `${JSON.stringify(record, null, 2)}\n`);
  }

  /** The text before stays where it is when it holds something that is nowhere else. */
  drop(provider: ProviderId, file: string, { keepsBackup = false } = {}): void {
    rmSync(this.#recordFile(provider, file), { force: true });
    if (!keepsBackup) rmSync(this.backupFile(provider, file), { force: true });
  }

  backupFile(provider: ProviderId, file: string): string {
    return join(this.#dir, `${nameOf(provider, file)}.before`);
  }

  #recordFile(provider: ProviderId, file: string): string {
    return join(this.#dir, `${nameOf(provider, file)}.json`);
  }
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A CLI may have several files, by variables such as CODEX_HOME. */
function nameOf(provider: ProviderId, file: string): string {
  return `${provider}-${hashOf(file).slice(0, 12)}`;
}

async function write(path: string, text: string): Promise<void> {
  const result = await writeFileAtomic(path, text);
  if (result.kind === 'failed') throw new Error(result.reason);
}

function isRecord(value: unknown): value is WriteRecord {
  return typeof value === 'object' && value !== null && 'schema' in value && value.schema === 1;
}
