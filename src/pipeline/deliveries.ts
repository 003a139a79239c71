import { hash } from 'node:crypto';
import type { Signal } from '../otlp/types.ts';

/** An exporter repeats at once or not at all; more than this need not be remembered. */
const remembered = 128;

/**
 * Knows a request that was delivered before: an exporter that missed our answer (the machine slept, the
 * process group was stopped) sends the same bytes again, and some records carry no id that would tell
 * (facts/claude.md §3, gemini.md §5).
 */
export class Deliveries {
  readonly #digests = new Set<string>();

  isRepeated(signal: Signal, body: Uint8Array): boolean {
    const digest = `${signal} ${hash('sha256', body, 'base64')}`;
    if (this.#digests.has(digest)) return true;
    this.#digests.add(digest);
    if (this.#digests.size > remembered) {
      const [oldest = ''] = this.#digests;
      this.#digests.delete(oldest);
    }
    return false;
  }
}
