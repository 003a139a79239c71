import type { OptionRow, Parsed } from './option.ts';
import { mergePairs, type Pairs, parseHeaders, parseTags } from './pairs.ts';
import { parsePath } from './path-value.ts';
import { parseTargets, type Target } from './target.ts';

/** For what ai-trace shows by itself: `auto` depends on where it runs. */
export type ShowMode = 'auto' | 'always' | 'never';

/** What the sources may set, each by one row of the table. */
export interface Settings {
  /** null = not given: the default is looked for in the user's own OTEL_… variables. */
  forward: readonly Target[] | null;
  forwardHeaders: Pairs;
  tags: Pairs;
  summary: ShowMode;
  summaryFile: string | null;
  notify: ShowMode;
  record: string | null;
  quiet: boolean;
}

export type OptionTable = { readonly [K in keyof Settings]: OptionRow<Settings[K]> };

/**
 * The options of a run (design.md §2), in the order of the help. The user's configuration file may also hold
 * `[commands]` and `[prices]`.
 */
export const optionTable: OptionTable = {
  forward: {
    flag: '--forward <url>',
    env: 'AI_TRACE_FORWARD',
    key: 'forward',
    shape: 'list',
    inProject: false,
    help: 'send telemetry to this OTLP/HTTP base URL, to file:PATH, or to none (repeatable)',
    otherwise: null,
    parse: parseTargets,
  },
  forwardHeaders: {
    flag: '--forward-header <k=v>',
    env: 'AI_TRACE_FORWARD_HEADERS',
    key: 'forward_headers',
    shape: 'pairs',
    inProject: false,
    help: 'send this header along to the destinations (repeatable)',
    otherwise: {},
    parse: parseHeaders,
    merge: mergePairs,
  },
  tags: {
    flag: '--tag <k=v>',
    env: 'AI_TRACE_TAGS',
    key: 'tags',
    shape: 'pairs',
    inProject: true,
    help: 'add this resource attribute to all telemetry of the run (repeatable)',
    otherwise: {},
    parse: parseTags,
    merge: mergePairs,
  },
  summary: {
    flag: '--summary <when>',
    env: 'AI_TRACE_SUMMARY',
    key: 'summary',
    shape: 'value',
    inProject: false,
    help: 'print the receipt on stderr: auto (when it is a terminal), always or never',
    otherwise: 'auto',
    parse: parseShowMode,
  },
  summaryFile: {
    flag: '--summary-file <path>',
    env: 'AI_TRACE_SUMMARY_FILE',
    key: 'summary_file',
    shape: 'value',
    inProject: false,
    help: 'write the receipt as JSON to this file',
    otherwise: null,
    parse: parsePath,
  },
  notify: {
    flag: '--notify <when>',
    env: 'AI_TRACE_NOTIFY',
    key: 'notify',
    shape: 'value',
    inProject: true,
    help: 'tell on the desktop that a turn or the session has ended: auto (long ones), always or never',
    otherwise: 'auto',
    parse: parseShowMode,
  },
  record: {
    flag: '--record <dir>',
    env: 'AI_TRACE_RECORD',
    key: 'record',
    shape: 'value',
    inProject: false,
    help: 'keep every received request in this directory, for ai-trace replay',
    otherwise: null,
    parse: parsePath,
  },
  quiet: {
    flag: '-q, --quiet',
    env: 'AI_TRACE_QUIET',
    key: 'quiet',
    shape: 'switch',
    inProject: false,
    help: 'print nothing of ai-trace, errors included',
    otherwise: false,
    parse: parseSwitch,
  },
};

const showModes: readonly ShowMode[] = ['auto', 'always', 'never'];

function parseShowMode(texts: readonly string[]): Parsed<ShowMode> {
  const text = texts.at(-1) ?? '';
  const mode = showModes.find((each) => each === text);
  if (mode === undefined) return { ok: false, value: text, reason: `not one of ${showModes.join(', ')}` };
  return { ok: true, value: mode };
}

function parseSwitch(texts: readonly string[]): Parsed<boolean> {
  const text = texts.at(-1) ?? '';
  if (/^(1|true|yes|on)$/i.test(text)) return { ok: true, value: true };
  if (/^(0|false|no|off)$/i.test(text)) return { ok: true, value: false };
  return { ok: false, value: text, reason: 'neither true nor false' };
}
