import type { ExportRequest } from '../otlp/types.ts';
import { rewriteTexts } from './request-texts.ts';
import { SecretFinder } from './secrets.ts';

/** Tempo keeps about as much of an attribute by default (facts/attributes.md §4). Characters. */
const maxLength = 2048;

/**
 * Replaces every secret in the texts of a request, in place, and cuts what is long. In the place of a secret
 * stands the name of the rule that knows it: `[redacted:github]`.
 */
export class Redactor {
  readonly #finder = new SecretFinder();

  clean(request: ExportRequest): void {
    // The same few texts stand on most records.
    const done = new Map<string, string>();
    rewriteTexts(request, (text) => {
      const result = done.get(text) ?? cut(this.redact(text));
      done.set(text, result);
      return result;
    });
  }

  redact(text: string): string {
    let result = '';
    let end = 0;
    for (const secret of this.#finder.find(text)) {
      // Where rules overlap, one marker stands for what they cover together.
      if (secret.start >= end) result += `${text.slice(end, secret.start)}[redacted:${secret.rule}]`;
      end = Math.max(end, secret.end);
    }
    return result + text.slice(end);
  }
}

function cut(text: string): string {
  if (text.length <= maxLength) return text;
  // No half of a character that takes two units.
  return `${text.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
