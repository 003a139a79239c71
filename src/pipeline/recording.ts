import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodingOf } from '../otlp/media.ts';
import type { Received } from './listener/listener.ts';

/**
 * Keeps each request as it came, in order of arrival: `NNNN-<signal>.pb|json` and its headers beside it in
 * `….meta.json`. Bodies are kept uncompressed only if they were sent so. Headers of authentication are not
 * among those kept.
 */
export class Recording {
  readonly #dir: string;
  #count = 0;

  /** @throws when the folder cannot be made. */
  constructor(dir: string) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    this.#dir = dir;
  }

  keep({ signal, contentType, contentEncoding, body, at }: Received): void {
    this.#count += 1;
    const name = `${String(this.#count).padStart(4, '0')}-${signal}`;
    const extension = encodingOf(contentType) === 'json' ? 'json' : 'pb';
    const meta = {
      signal,
      method: 'POST',
      path: `/v1/${signal}`,
      headers: {
        ...(contentType && { 'content-type': contentType }),
        ...(contentEncoding && { 'content-encoding': contentEncoding }),
      },
      arrival_unix_ms: at,
      body_bytes: body.length,
    };
    writeFileSync(join(this.#dir, `${name}.${extension}`), body, { mode: 0o600 });
    writeFileSync(join(this.#dir, `${name}.meta.json`), `${JSON.stringify(meta, null, 1)}\n`, {
      mode: 0o600,
    });
  }
}
