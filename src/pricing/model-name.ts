/**
 * A model's name taken apart. Vendors, clouds and gateways write one model in many ways; what never changes
 * the price is removed:
 *
 * | removed | example | why the price is the same |
 * |---|---|---|
 * | letter case, `models/` | `models/gemini-2.5-pro` | spelling of the Gemini API |
 * | `[1m]` | `claude-sonnet-5[1m]` | a window; long context is a tier of the same list entry |
 * | `-20250929`, `-2026-04-23`, `@20251101`, `-001` | `gpt-5.5-2026-04-23` | a snapshot (see price-source.ts) |
 * | `-latest` after a version | `claude-3-5-haiku-latest` | the newest snapshot |
 * | `global.anthropic.`, `-v1:0` | `global.anthropic.claude-opus-5-v1:0` | Bedrock asks the list price |
 *
 * Other prefixes are removed too, but leave `listPriced` false: Bedrock's regional endpoints cost more than
 * the global one, and a gateway (`openrouter/…`) sets its own price.
 */
export interface ModelName {
  /** The product line, the first word: `gpt`, `claude`, `gemini`. */
  line: string;
  /**
   * `[5, 6]` for `5.6` and for `5-6`; empty where the name has no version. Trailing zeros are dropped: `4-0`
   * is `4`.
   */
  version: readonly number[];
  /** All other words, sorted: `claude-3-5-haiku` and `claude-haiku-3-5` are one model. */
  words: readonly string[];
  /** False when the name tells of a seller whose price may differ from the vendor's list. */
  listPriced: boolean;
}

const bedrockPrefix = /^(?:([a-z-]+)\.)?anthropic\./;
const snapshotSuffix = /(?:@(?:\d{8}|latest|default)|-\d{8}|-\d{4}-\d{2}-\d{2}|-00\d)$/;

export function readModelName(asked: string): ModelName {
  const { name, listPriced } = withoutSeller(asked.trim().toLowerCase());
  const tokens = name
    .replace('[1m]', '')
    .replace(snapshotSuffix, '')
    .split('-')
    .filter((token) => token !== '');
  const [line = '', ...rest] = tokens;
  const start = rest.findIndex(isVersion);
  const length = start === -1 ? 0 : isVersion(rest[start + 1]) ? 2 : 1;
  const version = rest.slice(start, start + length).flatMap((token) => token.split('.').map(Number));
  while (version.length > 1 && version.at(-1) === 0) version.pop();
  const words = rest.toSpliced(start, length).filter((word) => word !== 'latest' || version.length === 0);
  return { line, version, words: words.sort(), listPriced };
}

/** The same model, however it is written. */
export function sameModel(a: ModelName, b: ModelName): boolean {
  return (
    a.line === b.line &&
    a.version.join('.') === b.version.join('.') &&
    a.words.join('-') === b.words.join('-')
  );
}

/** `5`, `5.6`, and each half of `5-6`; longer numbers are dates and build numbers. */
function isVersion(token: string | undefined): boolean {
  return token !== undefined && /^\d{1,2}(\.\d{1,2})*$/.test(token);
}

function withoutSeller(name: string): { name: string; listPriced: boolean } {
  const slash = name.lastIndexOf('/');
  const path = name.slice(0, Math.max(slash, 0));
  const tail = name.slice(slash + 1);
  const bedrock = bedrockPrefix.exec(tail);
  return {
    name: bedrock === null ? tail : tail.slice(bedrock[0].length).replace(/-v\d+(:\d+)?$/, ''),
    listPriced: (path === '' || path === 'models') && (bedrock === null || bedrock[1] === 'global'),
  };
}
