import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files of one run that only this user may read: they hold the listener's secret. */
export class PrivateFiles {
  readonly #dir: string;
  readonly #prefix: string;
  readonly #written: string[] = [];

  constructor(dir: string, prefix: string) {
    this.#dir = dir;
    this.#prefix = prefix;
  }

  /** Returns the path. @throws the file system's error. */
  write(name: string, text: string): string {
    const path = join(this.#dir, `${this.#prefix}.${name}`);
    mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
    // In a shared /tmp the directory may be somebody else's: then this fails, and so does the run's tracing.
    chmodSync(this.#dir, 0o700);
    // wx follows no link and takes over no file that was put there.
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
    this.#written.push(path);
    return path;
  }

  remove(): void {
    for (const path of this.#written) rmSync(path, { force: true });
  }
}

export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
