import type { ErrorType } from '../session/event.ts';
import { bytes, counted, duration, plain, tokens, usd } from './format.ts';
import { type Ended, outcomeOf } from './notification.ts';
import type { Receipt, ReceiptDestination } from './receipt.ts';

/**
 * The texts that people read, all of them here: what happened, and what to do about it. Everything else
 * passes values with a kind.
 */

/** Something that went wrong or was left out in a run, told in the receipt. */
export type Notice =
  | { kind: 'no_telemetry'; title: string }
  | { kind: 'undecodable'; requests: number }
  | { kind: 'oversized'; requests: number }
  | { kind: 'hidden_retries'; count: number; title: string }
  | { kind: 'unattributed'; tokens: number; title: string }
  | { kind: 'doubtful_price'; model: string; reportedUsd: number; listUsd: number; title: string }
  | { kind: 'recording_failed'; dir: string; reason: string }
  | { kind: 'disk_failed'; dir: string; reason: string }
  | { kind: 'spool_full'; limitBytes: number; records: number }
  | { kind: 'damaged'; entries: number }
  | { kind: 'refused_records'; dir: string; url: string; records: number; reason: string }
  | { kind: 'strangers'; connections: number }
  | { kind: 'recovered'; isWhole: boolean }
  | { kind: 'unrecovered'; runs: number }
  | { kind: 'unfinished' }
  | { kind: 'summary_file_failed'; file: string; reason: string }
  | { kind: 'own_exporter'; signals: readonly string[] }
  | { kind: 'client_certificate'; signals: readonly string[] }
  | { kind: 'unparsable_config'; file: string }
  | { kind: 'unreadable_settings'; value: string }
  | { kind: 'managed_settings'; file: string; keys: readonly string[]; isSilent: boolean }
  | { kind: 'unreadable_file'; file: string; reason: string }
  | { kind: 'unknown_key'; file: string; key: string }
  | { kind: 'unsafe_key'; file: string; key: string }
  | { kind: 'readable_headers_file'; file: string }
  | { kind: 'malformed_headers' };

export function noticeText(notice: Notice): string {
  switch (notice.kind) {
    case 'no_telemetry':
      return `no telemetry arrived: the figures are empty because ${notice.title} sent nothing. Likely: it ended before its first request, only printed a version or help, or its own settings switch telemetry off or send it elsewhere.`;
    case 'undecodable':
      return `${counted(notice.requests, 'telemetry request')} could not be read: the figures may be too low. Please report it with --record.`;
    case 'oversized':
      return `${counted(notice.requests, 'telemetry request')} over 64 MiB refused: the figures may be too low.`;
    case 'hidden_retries':
      return `${counted(notice.count, 'attempt')} failed and ${notice.count === 1 ? 'was' : 'were'} repeated; ${notice.title} does not say why.`;
    case 'unattributed':
      return `${tokens(notice.tokens)} tokens are in ${notice.title}'s totals without a call of their own (answers that were broken off); they are counted.`;
    case 'doubtful_price':
      return `${notice.title} reports $${notice.reportedUsd.toFixed(4)} for ${notice.model}, list price is $${notice.listUsd.toFixed(4)}: behind a gateway or for a model it does not know its figure may be wrong.`;
    case 'recording_failed':
      return `nothing recorded in ${notice.dir}: ${notice.reason}`;
    case 'disk_failed':
      return `nothing could be kept in ${notice.dir} (${notice.reason}): what was not delivered at once waited in memory only.`;
    case 'spool_full':
      return `${counted(notice.records, 'record')} dropped, the oldest first: more than ${bytes(notice.limitBytes)} waited on disk. Raise it with --spool-limit, or look why the collector does not take them.`;
    case 'damaged':
      return `${counted(notice.entries, 'request')} on disk ${notice.entries === 1 ? 'was' : 'were'} damaged and left out.`;
    case 'refused_records':
      return `${notice.url} refused ${counted(notice.records, 'record')} (${plain(notice.reason, 80)}); kept as *.refused in ${notice.dir}.`;
    case 'strangers':
      return `${counted(notice.connections, 'connection')} without this run's secret refused: another program tried the listener.`;
    case 'unrecovered':
      return `${counted(notice.runs, 'earlier session')} that ended with ai-trace could not be finished: each run that tried was ended, too. Try it with: ai-trace flush`;
    case 'recovered':
      return notice.isWhole
        ? 'ai-trace was ended before this session was over: the receipt was made later from what had arrived.'
        : 'ai-trace was ended before this session was over, and its beginning is not on disk any more: the figures are too low.';
    case 'unfinished':
      return 'more had arrived than could be read within a second: the figures are too low. The next run completes them, or ai-trace flush.';
    case 'summary_file_failed':
      return `could not write the summary file ${notice.file}: ${notice.reason}`;
    case 'own_exporter':
      return `your command line says itself where ${notice.signals.join(', ')} go: not traced. Take the otel exporter out of the -c words to have them here.`;
    case 'client_certificate':
      return `${notice.signals.join(', ')} go by otlp-http with a client certificate, which Codex uses with https only: not traced. Take client-certificate out of that exporter's tls table.`;
    case 'unparsable_config':
      return `${notice.file} could not be read as TOML and may use otlp-grpc: Codex was not told to send telemetry here.`;
    case 'unreadable_settings':
      return `--settings ${plain(notice.value, 60)} could not be read: ai-trace could not add its own to it.`;
    case 'managed_settings':
      return notice.isSilent
        ? `${notice.file} fixes ${notice.keys.join(', ')} without an endpoint: the CLI then sends no telemetry at all.`
        : `${notice.file} fixes ${notice.keys.join(', ')}: managed settings win, so telemetry may go elsewhere.`;
    case 'unreadable_file':
      return `${notice.file} could not be read (${notice.reason}): defaults are used.`;
    case 'unknown_key':
      return `${notice.file}: ${notice.key} is not a key of ai-trace and was ignored.`;
    case 'unsafe_key':
      return `${notice.file}: ${notice.key} may not be set by a project and was ignored; put it into your own config.toml.`;
    case 'readable_headers_file':
      return `${notice.file} holds headers for your collector, and other users of this machine can read it. Make it private with: chmod 600 ${notice.file}`;
    case 'malformed_headers':
      return 'parts of OTEL_EXPORTER_OTLP_HEADERS are not headers and were left out.';
  }
}

/** Why a run could not begin, or ai-trace had nothing to do; one or more lines for stderr. */
export type Failure =
  | { kind: 'not_found'; command: string; title: string; npmPackage: string }
  | { kind: 'only_ourselves'; file: string; command: string; title: string; npmPackage: string }
  | { kind: 'dangling_link'; file: string; title: string; npmPackage: string }
  | { kind: 'endless'; command: string; file: string }
  | { kind: 'not_executable'; file: string }
  | { kind: 'directory'; file: string }
  | { kind: 'foreign_program'; file: string; machine: string; title: string; npmPackage: string }
  | { kind: 'too_old'; title: string; version: string; firstVersion: string; npmPackage: string }
  | { kind: 'not_started'; file: string; reason: string }
  | { kind: 'bad_value'; source: string; key: string; value: string; reason: string }
  | { kind: 'bad_price'; source: string; key: string; reason: keyof typeof priceProblems }
  | { kind: 'unknown_command'; word: string; known: readonly string[]; nearest: string | null }
  | { kind: 'missing_command'; known: readonly string[] }
  | { kind: 'missing_shell' }
  | { kind: 'unknown_shell'; word: string; known: readonly string[] }
  | { kind: 'unknown_template'; word: string; known: readonly string[] }
  | { kind: 'template_in_the_way'; dir: string; files: readonly string[] }
  | { kind: 'template_failed'; file: string; reason: string }
  | { kind: 'listener_failed'; reason: string }
  | { kind: 'untraced'; reason: string };

export function failureText(failure: Failure): string {
  switch (failure.kind) {
    case 'not_found':
      return `ai-trace: ${failure.title} is not installed: no '${failure.command}' on PATH.\nInstall it with: npm install -g ${failure.npmPackage}`;
    case 'not_executable':
      return `ai-trace: ${failure.file} is not executable.\nMake it so with: chmod +x ${failure.file}`;
    case 'only_ourselves':
      return `ai-trace: ${failure.file} leads back to ai-trace, and there is no other '${failure.command}' on PATH.\nInstall ${failure.title} with: npm install -g ${failure.npmPackage}`;
    case 'dangling_link':
      return `ai-trace: ${failure.file} is a link to a file that is gone.\nInstall ${failure.title} again with: npm install -g ${failure.npmPackage}`;
    case 'endless':
      return `ai-trace: ${failure.file} starts ai-trace again and again.\nName the CLI itself in the [commands] of config.toml: ${failure.command} = "/path/to/${failure.command}"`;
    case 'directory':
      return `ai-trace: ${failure.file} is a directory, not a program.`;
    case 'foreign_program':
      return `ai-trace: ${failure.file} is a program for another processor (${failure.machine}).\nInstall ${failure.title} on this machine with: npm install -g ${failure.npmPackage}`;
    case 'too_old':
      return `ai-trace: ${failure.title} ${failure.version} is too old to be traced: ${failure.firstVersion} is needed. It runs untraced.\nUpdate it with: npm install -g ${failure.npmPackage}`;
    case 'not_started':
      return `ai-trace: ${failure.file} could not be started: ${failure.reason}`;
    case 'bad_value':
      return `ai-trace: ${failure.source}: ${failure.key} = '${plain(failure.value, 80)}' is not valid: ${failure.reason}`;
    case 'bad_price':
      return `ai-trace: ${failure.source}: ${failure.key} is not valid: ${priceProblems[failure.reason]}`;
    case 'unknown_command':
      return `ai-trace: '${plain(failure.word, 60)}' is neither a CLI nor a command of ai-trace.\n${failure.nearest === null ? `Known: ${failure.known.join(', ')}.` : `Did you mean ${failure.nearest}?`}\nTry: ai-trace --help`;
    case 'missing_command':
      return `ai-trace: which CLI? Put one of these words at the end: ${failure.known.join(', ')}.\n\n${overview}`;
    case 'missing_shell':
      return `ai-trace: shell-init needs the name of your shell.\n${shellInitText}`;
    case 'unknown_shell':
      return `ai-trace: shell-init does not know '${plain(failure.word, 60)}'. Known: ${failure.known.join(', ')}.`;
    case 'unknown_template':
      return `ai-trace: ${failure.word === '' ? 'which template?' : `there is no template '${plain(failure.word, 60)}'.`} Known: ${failure.known.join(', ')}.`;
    case 'template_in_the_way':
      return `ai-trace: nothing was written, for ${failure.dir} has other files of these names: ${failure.files.join(', ')}.\nMove them, or choose another folder with --out.`;
    case 'template_failed':
      return `ai-trace: nothing was written: ${failure.file}: ${failure.reason}`;
    case 'listener_failed':
      return `ai-trace: cannot listen on 127.0.0.1 (${failure.reason}): this session is not traced.`;
    case 'untraced':
      return `ai-trace: this session is not traced: ${failure.reason}`;
  }
}

const overview = `  ai-trace codex                     a session as ever, a receipt at the end
  ai-trace claude -p "tidy this up"  what stands after the name goes to the CLI
  ai-trace shell-init                how to trace the CLIs by their plain names
  ai-trace --help                    all options and commands`;

export const shellInitText = `Add one line to the file that your shell reads at its start:

~/.bashrc
  command -v ai-trace >/dev/null && eval "$(ai-trace shell-init bash)"
~/.zshrc
  command -v ai-trace >/dev/null && eval "$(ai-trace shell-init zsh)"
~/.config/fish/config.fish
  command -q ai-trace; and ai-trace shell-init fish | source

Then codex, gemini and claude, if installed, are traced by their plain
names, and TAB completes the words of ai-trace. To undo it, delete the line.`;

const priceProblems = {
  'not-a-table': 'it must be a table of prices, in USD per million tokens',
  'not-a-price': 'a price is a number of USD per million tokens, 0 or more',
  missing: 'input and output are needed',
  'unknown-key': 'known are input, output, cache_read, cache_write and cache_write_1h',
  'star-not-last': 'a * may stand at the end of a model name only',
} as const;

/** Behind the figure: where it comes from, and whether it was billed. */
export function costNote({ cost, models }: Receipt): string {
  const source = {
    reported: 'reported by the CLI',
    computed: 'from list prices',
    mixed: 'reported and list prices',
  }[cost.source];
  const estimate = models.filter((row) => row.estimated).map((row) => plain(row.model, 40));
  const estimated = estimate.length > 0 ? `, estimate for ${[...new Set(estimate)].join(', ')}` : '';
  const billing = {
    api: 'billed to your API key',
    subscription: 'API-equivalent, your subscription pays',
    unknown: 'API price; the CLI does not say how it is paid',
  }[cost.billing];
  return `${source}${estimated}; ${billing}`;
}

/** One destination in the receipt. */
export function destinationText({ url, state, last_error }: ReceiptDestination): string {
  const address = plain(url, 120);
  const reason = plain(last_error ?? 'unknown', 80);
  switch (state) {
    case 'ok':
      return last_error === null ? address : `${address} took only a part (${reason})`;
    case 'unreachable':
      return last_error === 'ECONNREFUSED'
        ? `nothing was listening on ${address}`
        : `${address} could not be reached (${reason})`;
    case 'rejected':
      return `${address} refused it (${reason})`;
  }
}

export function droppedText(records: number): string {
  return `${counted(records, 'record')} not delivered; this receipt is kept`;
}

export function spooledText(records: number): string {
  return `${counted(records, 'record')} kept on disk: the next run sends them, or ai-trace flush`;
}

/** What `ai-trace flush` did for one destination. */
export interface Flushed {
  url: string;
  sent: { records: number; bytes: number };
  left: { records: number; bytes: number };
  /** Why something is left. `no_credentials`: they went with headers or a certificate that are not configured now. */
  cause: 'no_credentials' | { state: ReceiptDestination['state']; reason: string | null };
}

export function flushedText({ url, sent, left, cause }: Flushed): string {
  const lines = [
    sent.records > 0 &&
      `sent ${counted(sent.records, 'record')} (${bytes(sent.bytes)}) to ${plain(url, 120)}`,
    left.records > 0 &&
      `${counted(left.records, 'record')} (${bytes(left.bytes)}) stay on disk: ${causeText(url, cause)}`,
  ];
  return lines.filter((line) => line !== false).join('\n');
}

function causeText(url: string, cause: Flushed['cause']): string {
  if (cause === 'no_credentials') {
    return `${plain(url, 120)} wants headers or a certificate, which are never kept. Give them with --forward ${plain(url, 120)}`;
  }
  const { state, reason } = cause;
  if (state === 'ok') return `${plain(url, 120)} was too slow; try again`;
  return destinationText({ url, state, last_error: reason });
}

export function flushProgressText(url: string, left: Flushed['left']): string {
  return `${bytes(left.bytes)} left for ${plain(url, 120)}`;
}

export const nothingToFlushText = 'nothing waits to be sent';

/** A desktop notification: one line each. */
export interface NotificationText {
  title: string;
  message: string;
}

/** "Codex CLI: turn failed", "rate_limit · 3 m 12 s · ~$0.1200" */
export function notificationText(ended: Ended, cli: string): NotificationText {
  const parts = [causeOf(ended), duration(ended.durationMs), moneyOf(ended)];
  return {
    title: `${cli}: ${ended.what} ${outcomeOf(ended)}`,
    message: parts.filter((part) => part !== null).join(' · '),
  };
}

function causeOf(ended: Ended): string | null {
  if (ended.what === 'turn') return ended.failure;
  if (outcomeOf(ended) === 'done') return null;
  return ended.exit.signal ?? `exit ${ended.exit.code}`;
}

/** A turn's cost may still change: the CLI's own figure comes later, and a sub-agent may go on working. */
function moneyOf({ what, cost, billing }: Ended): string | null {
  if (cost.usd === 0) return null;
  const mark = cost.unpricedTokens > 0 ? '≥ ' : what === 'turn' || cost.estimated ? '~' : '';
  return `${mark}${usd(cost.usd)}${billing === 'subscription' ? ' API-equivalent' : ''}`;
}

/** What to do about an error of this class. */
export function adviceFor(type: ErrorType, provider: string): string {
  switch (type) {
    case 'auth':
      return `check your login or API key: ${loginHint[provider] ?? 'log in again'}`;
    case 'rate_limit':
      return 'wait a little or run fewer sessions at once; if it stays, your plan or quota is used up';
    case 'timeout':
      return 'the model did not answer in time: try again, or a smaller prompt or another model';
    case 'server':
      return "the vendor's service failed: try again, and look at its status page if it stays";
    case 'overloaded':
      return 'the model is overloaded: try again later or choose another model';
    case 'validation':
      return 'the request was refused as it was: check the model name and the options';
    case 'context_length':
      return 'the conversation is too long for the model: compact it or begin a new one';
    case 'network':
      return 'the vendor could not be reached: check network, proxy and base URL';
    case 'cancelled':
      return 'it was stopped by you';
    case 'unknown':
      return "look at the CLI's own output for the cause";
  }
}

const loginHint: Readonly<Record<string, string>> = {
  codex: 'codex login',
  gemini: 'GEMINI_API_KEY, or /auth inside gemini',
  claude: 'ANTHROPIC_API_KEY, or /login inside claude',
};

/** What `ai-trace template` offers, a line each. */
export function templateListText(templates: readonly { name: string; about: string }[]): string {
  const width = Math.max(...templates.map(({ name }) => name.length));
  const lines = templates.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`);
  return `${lines.join('\n')}\n\nPrint one with: ai-trace template NAME\nWrite it with:  ai-trace template NAME --out DIR`;
}

/** A template of several files. */
export function templateFilesText(name: string, files: readonly string[]): string {
  const lines = files.map((file) => `  ${file}`);
  return `${name} has ${counted(files.length, 'file')}:\n${lines.join('\n')}\n\nWrite them with: ai-trace template ${name} --out DIR`;
}

/** `kept`: were there already. */
export function templateWrittenText(
  dir: string,
  { written, kept }: { written: readonly string[]; kept: readonly string[] },
): string {
  const lines = [...written, ...kept.map((file) => `${file} (as it was)`)];
  return `in ${dir}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
