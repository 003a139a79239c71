import type { ModelName } from './model-name.ts';
import type { ListedModel } from './price-list.ts';

/**
 * Words the list itself prices like the plain model (`gpt-5.1-codex-max`, `gpt-5.2-chat`) or that name a
 * stage of release.
 */
const plainWords = new Set(['codex', 'max', 'chat', 'preview', 'exp', 'latest']);

/**
 * The model of the list whose price is the best guess for one that is not in it. A family is a product line
 * and its class words: `claude` + `opus`, `gpt` + `sol`, `gemini` + `flash` + `lite`. The rule, in order:
 *
 * 1. Same line; each class word of the relative also stands in the asked name, and there is one, unless the
 *    asked name has none.
 * 2. Most class words in common: `gemini-4-flash-lite` takes a flash-lite before a flash.
 * 3. The highest version not above the asked one, else the lowest above it; without a version in the asked
 *    name the highest.
 * 4. The first in the list.
 */
export function nearestRelative(name: ModelName, models: readonly ListedModel[]): ListedModel | null {
  const asked = classWords(name);
  const relatives = models.filter((model) => {
    const own = classWords(model.name);
    return (
      model.name.line === name.line &&
      own.every((word) => asked.includes(word)) &&
      (own.length > 0 || asked.length === 0)
    );
  });
  const mostShared = Math.max(...relatives.map((model) => classWords(model.name).length));
  const closest = relatives.filter((model) => classWords(model.name).length === mostShared);

  const notAbove = closest.filter((model) => name.version.length === 0 || byVersion(model.name, name) <= 0);
  if (notAbove.length > 0)
    return notAbove.reduce((best, model) => (byVersion(model.name, best.name) > 0 ? model : best));
  const [first, ...others] = closest;
  if (first === undefined) return null;
  return others.reduce((best, model) => (byVersion(model.name, best.name) < 0 ? model : best), first);
}

function classWords(name: ModelName): string[] {
  return name.words.filter((word) => !plainWords.has(word) && !/^\d+$/.test(word));
}

function byVersion(a: ModelName, b: ModelName): number {
  const parts = Math.max(a.version.length, b.version.length);
  for (let part = 0; part < parts; part++) {
    const difference = (a.version[part] ?? 0) - (b.version[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
