/**
 * Building blocks of statements in OTTL, the language of the transform processor that Alloy and the OpenTelemetry Collector share.
 *
 * @typedef {'resource' | 'span' | 'spanevent' | 'log' | 'datapoint'} Context
 * @typedef {{about: string, context: Context, condition?: string, statements: readonly string[]}} Group
 *   statements on one kind of thing, where the condition holds; `about` is the comment above them
 * @typedef {{trace: readonly Group[], log: readonly Group[], metric: readonly Group[]}} Transform
 * @typedef {readonly [text: string, condition?: string]} Row
 */

/** Names of attributes that most groups write or ask for. */
export const keys = {
  /** What a log record tells, for records that tell something. */
  event: 'ai_trace.event.name',
  /** AGENT, LLM or TOOL, for spans that are one of them. */
  kind: 'openinference.span.kind',
};

/** ai-trace marks the resource of all it forwards: what has no such mark comes from a CLI whose own settings send it here. */
export const withoutAiTrace = 'resource.attributes["ai_trace.run.id"] == nil';

/** Condition: it comes from this CLI, without ai-trace. @param {string} service as the group for resources has named it */
export function sentBy(service, ...conditions) {
  return [withoutAiTrace, `resource.attributes["service.name"] == "${service}"`, ...conditions].join(' and ');
}

/** Condition: the regular expression (RE2) finds something. What is not there is not found. */
export function matches(value, pattern) {
  return `IsMatch(${value}, "${pattern.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}")`;
}

/** The words for one kind of thing. @param {Context} context */
export function inContext(context) {
  const at = (key) => `${context}.attributes["${key}"]`;
  const set = (key, value, where) => `set(${at(key)}, ${value})${where ? ` where ${where}` : ''}`;
  const word = (key, text, where) => set(key, `"${text}"`, where);
  return {
    /** An attribute. */
    at,
    /** `attributes[key] = value`, an expression; where it is nil nothing is set. */
    set,
    /** `attributes[key] = text` */
    word,
    /** `attributes[key] += attributes[other]`, both integers, where there is something to add. */
    add: (key, other) => set(key, `${at(key)} + ${at(other)}`, `${at(key)} != nil and ${at(other)} != nil`),
    /** Condition: the attribute is this word, or one of these. */
    is: (key, ...words) =>
      words.length === 1 ? `${at(key)} == "${words[0]}"` : matches(at(key), `^(${words.join('|')})$`),
    /** Names an attribute by the last row whose condition holds. @param {readonly Row[]} rows */
    classify: (key, rows) => rows.map(([text, condition]) => word(key, text, condition)),
    /** Takes attributes out. @param {readonly string[]} names */
    without: (names) =>
      `delete_matching_keys(${context}.attributes, "^(${names.map((each) => each.replaceAll('.', '[.]')).join('|')})$")`,
  };
}

/** Classes of error by HTTP status, an attribute that is an integer or not there. @returns {Row[]} */
export function byStatus(status) {
  const from = (code) => `${status} != nil and ${status} >= ${code}`;
  return [
    ['validation', from(400)],
    ['server', from(500)],
    ['auth', `${status} == 401 or ${status} == 403`],
    ['rate_limit', `${status} == 429`],
  ];
}
