import type { Parsed } from './option.ts';

/** What the resource tells of where a session ran and for whom. */
export type Attribution = 'repository' | 'host' | 'user';

export const attributions: readonly Attribution[] = ['repository', 'host', 'user'];

/** Any of the three, separated by commas or given one by one; `none` stands alone. */
export function parseAttribution(texts: readonly string[]): Parsed<readonly Attribution[]> {
  const words = texts.flatMap((text) => text.split(',')).map((word) => word.trim());
  if (words.length === 1 && words[0] === 'none') return { ok: true, value: [] };
  for (const word of words) {
    if (!attributions.some((each) => each === word)) {
      return { ok: false, value: word, reason: `not one of ${attributions.join(', ')}, nor none alone` };
    }
  }
  return { ok: true, value: attributions.filter((each) => words.includes(each)) };
}
