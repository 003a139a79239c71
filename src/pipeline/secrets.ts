import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import type { SecretLintRuleContext } from '@secretlint/types';
import { patterns } from './secret-patterns.ts';

/** A secret's place in a text, in UTF-16 units. */
export interface Secret {
  rule: string;
  start: number;
  end: number;
}

const prefix = '@secretlint/secretlint-rule-';

/** A rule by which a text could switch off the others (`secretlint-disable`), and one that reads files. */
const unfit = ['filter-comments', 'gcp'].map((name) => prefix + name);

/** No rule of secretlint's knows a shorter secret (an AWS access key id); most texts are. */
const shortest = 20;

/**
 * Finds the secrets of a text by the rules of secretlint, which are well kept but made for the files of a
 * repository, and by our own for what those leave out.
 *
 * The rules run without secretlint's core: that makes each anew for every text, and its profiler remembers
 * every run for ever.
 */
export class SecretFinder {
  #found: Secret[] = [];
  readonly #handlers = rules
    .filter(({ meta }) => !unfit.includes(meta.id))
    // An access key id opens nothing, but names an account; secretlint is silent on it unless asked.
    .map((rule) => rule.create(this.#context(rule.meta.id.slice(prefix.length)), { enableIDScanRule: true }));

  /** By their start; they may overlap. */
  find(text: string): Secret[] {
    this.#found = [];
    this.#search(text);
    const plain = unescaped(text);
    if (plain !== text) this.#search(plain);
    return this.#found.sort((a, b) => a.start - b.start);
  }

  #search(content: string): void {
    if (content.length >= shortest) for (const { file } of this.#handlers) file?.({ content } as never);
    for (const { rule, pattern } of patterns) {
      for (const match of content.matchAll(pattern)) {
        const whole = [match.index, match.index + match[0].length] as const;
        const [start, end] = match.indices?.groups?.['secret'] ?? whole;
        this.#found.push({ rule, start, end });
      }
    }
  }

  #context(rule: string): SecretLintRuleContext {
    return {
      sharedOptions: {},
      createTranslator: () => () => ({ message: '', messageId: '', data: {} }),
      report: ({ range: [start, end] }) => this.#found.push({ rule, start, end }),
      ignore: () => {},
    };
  }
}

/**
 * The text as it was before it was put in JSON, with every other character at its place. Tool arguments are
 * JSON in a string: in `\nghp_…` no rule sees where the token begins, and `\"` hides a quote.
 */
function unescaped(text: string): string {
  return text.replace(/(?<!\\)\\+(?:u([0-9a-f]{4})|([bfnrt"']))/gi, (all, code?: string, letter = '') => {
    const character = code === undefined ? letter : String.fromCharCode(Number.parseInt(code, 16));
    return (character === letter ? (blanks[letter] ?? letter) : character).padStart(all.length);
  });
}

const blanks: Readonly<Record<string, string>> = { b: ' ', f: ' ', n: '\n', r: '\n', t: ' ' };
