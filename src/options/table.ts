import { type Attribution, attributions, parseAttribution } from './attribution.ts';
import { parseChoice, parseMebibytes, parseShare, parseSwitch } from './choice.ts';
import { type HeadersFile, parseExistingFile, parseHeadersFile } from './headers-file.ts';
import type { OptionRow } from './option.ts';
import { mergePairs, type Pairs, parseHeaders, parseTags } from './pairs.ts';
import { parsePath } from './path-value.ts';
import { parseTargets, type Target } from './target.ts';

/** For what ai-trace shows by itself: `auto` depends on where it runs. */
export type ShowMode = 'auto' | 'always' | 'never';

/** Which traces are sent: one tree made of logs and spans, the CLI's own spans, both or none. */
export type TraceMode = 'unified' | 'native' | 'both' | 'none';

/** What makes one unified trace. */
export type TraceScope = 'turn' | 'session';

/** What leaves the machine of what was said and done; `redacted` = without secrets, and cut to a length. */
export type ContentMode = 'none' | 'redacted' | 'full';

/** What the sources may set, each by one row of the table. */
export interface Settings {
  /** null = not given: the default is looked for in the user's own OTEL_… variables. */
  forward: readonly Target[] | null;
  forwardHeaders: Pairs;
  forwardHeadersFile: HeadersFile | null;
  /** Paths of PEM files: trusted authorities, client certificate and its key. */
  forwardCa: string | null;
  forwardCert: string | null;
  forwardKey: string | null;
  /** What may wait on disk, in bytes; 0 = nothing. */
  spoolLimitBytes: number;
  traces: TraceMode;
  traceScope: TraceScope;
  /** Share of the traces that are sent, 0 to 1. */
  sampleRate: number;
  content: ContentMode;
  tags: Pairs;
  attribution: readonly Attribution[];
  summary: ShowMode;
  summaryFile: string | null;
  notify: ShowMode;
  record: string | null;
  quiet: boolean;
  /** The CLI runs untouched. */
  disable: boolean;
}

const showModes: readonly ShowMode[] = ['auto', 'always', 'never'];
const traceModes: readonly TraceMode[] = ['unified', 'native', 'both', 'none'];
const traceScopes: readonly TraceScope[] = ['turn', 'session'];
const contentModes: readonly ContentMode[] = ['none', 'redacted', 'full'];

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
    help: 'send telemetry to this OTLP/HTTP base URL, to grpc://HOST:PORT, to file:PATH, or to none (repeatable)',
    offers: ['none'],
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
  forwardHeadersFile: {
    flag: '--forward-headers-file <path>',
    env: 'AI_TRACE_FORWARD_HEADERS_FILE',
    key: 'forward_headers_file',
    shape: 'value',
    inProject: false,
    help: 'send the headers of this file along, one "Name: value" a line',
    offers: 'file',
    otherwise: null,
    parse: parseHeadersFile,
  },
  forwardCa: {
    flag: '--forward-ca <path>',
    env: 'AI_TRACE_FORWARD_CA',
    key: 'forward_ca',
    shape: 'value',
    inProject: false,
    help: 'trust the authorities of this PEM file, instead of the usual ones',
    offers: 'file',
    otherwise: null,
    parse: parseExistingFile,
  },
  forwardCert: {
    flag: '--forward-cert <path>',
    env: 'AI_TRACE_FORWARD_CERT',
    key: 'forward_cert',
    shape: 'value',
    inProject: false,
    help: 'show this client certificate (PEM)',
    offers: 'file',
    otherwise: null,
    parse: parseExistingFile,
  },
  forwardKey: {
    flag: '--forward-key <path>',
    env: 'AI_TRACE_FORWARD_KEY',
    key: 'forward_key',
    shape: 'value',
    inProject: false,
    help: 'the key of that certificate (PEM), if it is in a file of its own',
    offers: 'file',
    otherwise: null,
    parse: parseExistingFile,
  },
  spoolLimitBytes: {
    flag: '--spool-limit <mib>',
    env: 'AI_TRACE_SPOOL_LIMIT',
    key: 'spool_limit',
    shape: 'number',
    inProject: false,
    help: 'keep up to so many MiB on disk until they can be sent; 0 keeps nothing',
    otherwise: 100 * 1024 * 1024,
    parse: parseMebibytes,
  },
  traces: {
    flag: '--traces <which>',
    env: 'AI_TRACE_TRACES',
    key: 'traces',
    shape: 'value',
    inProject: false,
    help: 'send unified (the same for all CLIs), native, both or none',
    offers: traceModes,
    otherwise: 'unified',
    parse: parseChoice(traceModes),
  },
  traceScope: {
    flag: '--trace-scope <what>',
    env: 'AI_TRACE_TRACE_SCOPE',
    key: 'trace_scope',
    shape: 'value',
    inProject: false,
    help: 'make one trace per turn, or one per session',
    offers: traceScopes,
    otherwise: 'turn',
    parse: parseChoice(traceScopes),
  },
  sampleRate: {
    flag: '--sample-rate <share>',
    env: 'AI_TRACE_SAMPLE_RATE',
    key: 'sample_rate',
    shape: 'number',
    inProject: false,
    help: 'send this share of the traces, 0 to 1; logs, metrics and the receipt are complete',
    otherwise: 1,
    parse: parseShare,
  },
  content: {
    flag: '--content <how>',
    env: 'AI_TRACE_CONTENT',
    key: 'content',
    shape: 'value',
    inProject: false,
    help: 'send prompts, answers, tool arguments and output: none, redacted or full',
    offers: contentModes,
    otherwise: 'none',
    parse: parseChoice(contentModes),
  },
  attribution: {
    flag: '--attribution <what>',
    env: 'AI_TRACE_ATTRIBUTION',
    key: 'attribution',
    shape: 'list',
    inProject: false,
    help: 'tell repository, host or user on all telemetry of the run, separated by commas, or none',
    offers: [...attributions, 'none'],
    otherwise: ['repository'],
    parse: parseAttribution,
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
    offers: showModes,
    otherwise: 'auto',
    parse: parseChoice(showModes),
  },
  summaryFile: {
    flag: '--summary-file <path>',
    env: 'AI_TRACE_SUMMARY_FILE',
    key: 'summary_file',
    shape: 'value',
    inProject: false,
    help: 'write the receipt as JSON to this file',
    offers: 'file',
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
    offers: showModes,
    otherwise: 'auto',
    parse: parseChoice(showModes),
  },
  record: {
    flag: '--record <dir>',
    env: 'AI_TRACE_RECORD',
    key: 'record',
    shape: 'value',
    inProject: false,
    help: 'keep every received request in this directory, for ai-trace replay',
    offers: 'folder',
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
  disable: {
    flag: '--disable',
    env: 'AI_TRACE_DISABLE',
    key: 'disable',
    shape: 'switch',
    inProject: false,
    help: 'run the CLI as if ai-trace were not there',
    otherwise: false,
    parse: parseSwitch,
  },
};
