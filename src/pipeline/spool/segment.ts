import { closeSync, ftruncateSync, openSync, rmSync } from 'node:fs';
import { writeAll } from './write-all.ts';

/** One file of a journal while it is written. Every method throws the file system's error. */
export class Segment {
  readonly path: string;
  readonly #fd: number;
  #bytes = 0;
  #isOpen = true;

  constructor(path: string) {
    this.path = path;
    // a: after a failed write the next one begins where the file ends; x follows no link.
    this.#fd = openSync(path, 'ax', 0o600);
  }

  /** Size of the file. */
  get bytes(): number {
    return this.#bytes;
  }

  /** One system call. When it fails, nothing of it stays in the file. */
  write(buffers: readonly Uint8Array[]): void {
    try {
      this.#bytes += writeAll(this.#fd, buffers);
    } catch (error) {
      if (this.#bytes === 0) rmSync(this.path, { force: true });
      else ftruncateSync(this.#fd, this.#bytes);
      throw error;
    }
  }

  /** Again does nothing: by then the number may be another file's. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.#fd);
  }
}
