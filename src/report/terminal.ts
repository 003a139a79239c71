import { styleText } from 'node:util';
import { bytes, counted, duration, plain, tokens, usd } from './format.ts';
import { adviceFor, costNote, destinationText, droppedText, spooledText } from './messages.ts';
import type { Receipt } from './receipt.ts';

export interface TerminalOptions {
  /** Width of the terminal in columns. */
  columns: number;
  colour: boolean;
  /** Name of the CLI for people. */
  title: string;
  /** Where the session was kept, for people; null when it could not be. */
  keptAt: string | null;
}

const labelWidth = 9;
const widest = 100;

/** The receipt as it stands in the terminal, one string of lines. */
export function renderReceipt(receipt: Receipt, options: TerminalOptions): string {
  const width = Math.max(40, Math.min(options.columns, widest));
  const paint = painter(options.colour);
  const rows = [
    ['cost', costLines(receipt, paint)],
    ['tokens', tokenLines(receipt)],
    ['models', modelLines(receipt)],
    ['turns', turnLines(receipt)],
    ['tools', toolLines(receipt, paint)],
    ['errors', errorLines(receipt, paint)],
    ['time', timeLines(receipt)],
    ['sent to', destinationLines(receipt, paint)],
    ['kept in', options.keptAt === null ? [] : [plain(options.keptAt, 400)]],
    ['trace', traceLines(receipt)],
    ['note', receipt.warnings.map((warning) => paint('yellow', plain(warning, 400)))],
  ] as const;
  const body = rows.flatMap(([label, lines]) =>
    lines.flatMap((line, i) => block(i === 0 ? label : '', line, width, paint)),
  );
  const head = fold(heading(receipt, options.title, paint), width).map((line) => line.trimEnd());
  return `\n${[...head, ...body].join('\n')}\n`;
}

type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green';
type Paint = (style: Style, text: string) => string;

function painter(colour: boolean): Paint {
  return (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}

function heading(receipt: Receipt, title: string, paint: Paint): string {
  const { code, signal } = receipt.exit;
  const exit = signal ?? `exit ${code}`;
  const version = receipt.cli_version ? ` ${plain(receipt.cli_version, 20)}` : '';
  const failed = signal !== null || code !== 0;
  const rest = `${title}${version} · ${duration(receipt.duration_ms)} · `;
  return `${paint('bold', 'ai-trace')}  ${rest}${failed ? paint('red', exit) : exit}`;
}

function costLines(receipt: Receipt, paint: Paint): string[] {
  const { cost } = receipt;
  if (receipt.llm_calls === 0 && cost.usd === 0 && cost.unpriced_tokens === 0) return [];
  const figure = `${cost.unpriced_tokens > 0 ? '≥ ' : cost.estimated ? '~' : ''}${usd(cost.usd)}`;
  const unpriced = cost.unpriced_tokens > 0 ? ` + ${tokens(cost.unpriced_tokens)} tokens unpriced` : '';
  return [`${paint('bold', figure)}${unpriced}  ${paint('dim', costNote(receipt))}`];
}

function tokenLines({ usage }: Receipt): string[] {
  if (usage.input_tokens + usage.output_tokens === 0) return [];
  const cached = Math.round((100 * usage.cache_read_tokens) / Math.max(1, usage.input_tokens));
  const details = [
    `${tokens(usage.input_tokens)} in (${cached}% cached${writes(usage.cache_write_tokens)})`,
    `${tokens(usage.output_tokens)} out${usage.reasoning_tokens ? ` (${tokens(usage.reasoning_tokens)} reasoning)` : ''}`,
  ];
  return [details.join(' · ')];
}

function writes(cacheWriteTokens: number): string {
  return cacheWriteTokens > 0 ? `, ${tokens(cacheWriteTokens)} written` : '';
}

function modelLines({ models }: Receipt): string[] {
  if (models.length < 2) return [];
  return models.map(({ model, role, llm_calls, usage, usd: cost, estimated }) => {
    const name = role === 'main' ? plain(model, 40) : `${plain(model, 40)} (${role})`;
    const figures = [
      counted(llm_calls, 'call'),
      `${tokens(usage.input_tokens)} in`,
      `${tokens(usage.output_tokens)} out`,
      `${estimated ? '~' : ''}${usd(cost)}`,
    ];
    return `${name}  ${figures.join(' · ')}`;
  });
}

function turnLines({ turns, llm_calls, tool_calls, models }: Receipt): string[] {
  const model = models.length === 1 ? ` · ${plain(models[0]?.model ?? '', 40)}` : '';
  return [
    `${counted(turns, 'turn')} · ${counted(llm_calls, 'LLM call')} · ${counted(tool_calls, 'tool call')}${model}`,
  ];
}

function toolLines({ tools }: Receipt, paint: Paint): string[] {
  return tools.map(({ name, calls, failures, duration_ms }) => {
    const failed = failures > 0 ? paint('red', ` · ${failures} failed`) : '';
    return `${plain(name, 40)} × ${calls}${failed} · ${duration(duration_ms)}`;
  });
}

function errorLines({ errors, provider }: Receipt, paint: Paint): string[] {
  if (errors.total === 0) return [];
  const counts = Object.entries(errors.by_type).map(([type, count]) => `${type} × ${count}`);
  const lines = [paint('red', counts.join(' · '))];
  if (errors.last) {
    if (errors.last.message) lines.push(`last: ${plain(errors.last.message)}`);
    lines.push(paint('dim', `→ ${adviceFor(errors.last.type, provider)}`));
  }
  return lines;
}

function timeLines({ timing }: Receipt): string[] {
  const { llm_ms, tool_ms, waiting_ms } = timing;
  if (llm_ms + tool_ms + waiting_ms === 0) return [];
  const parts = [
    `model ${duration(llm_ms)}`,
    `tools ${duration(tool_ms)}`,
    `waiting for you ${duration(waiting_ms)}`,
  ];
  return [parts.join(' · ')];
}

function destinationLines({ telemetry }: Receipt, paint: Paint): string[] {
  const { destinations, forwarded, spooled, dropped } = telemetry;
  const lines = destinations.map((destination) => {
    const text = destinationText(destination);
    return destination.state === 'ok' ? text : paint('yellow', text);
  });
  if (forwarded.requests > 0) {
    lines.push(paint('dim', `${counted(forwarded.requests, 'request')}, ${bytes(forwarded.bytes)}`));
  }
  if (spooled > 0) lines.push(paint('yellow', spooledText(spooled)));
  if (dropped > 0) lines.push(paint('yellow', droppedText(dropped)));
  return lines;
}

function traceLines({ trace_ids }: Receipt): string[] {
  const [first, ...more] = trace_ids;
  if (first === undefined) return [];
  return [more.length > 0 ? `${first} and ${more.length} more` : first];
}

/** A label and its text, folded to the width. */
function block(label: string, text: string, width: number, paint: Paint): string[] {
  return fold(text, width - labelWidth - 2).map((line, i) =>
    `  ${paint('dim', (i === 0 ? label : '').padEnd(labelWidth))}${line}`.trimEnd(),
  );
}

/** Behind a space, but not between a figure and its unit; in a long path behind a slash. */
const breaks = /(?<= )(?!(?:ms|[smh]|k?B|MB|in|out|calls?|turns?)\b)|(?<=\/)(?=[^/])/;

/** Escape sequences take no room. */
function fold(text: string, room: number): string[] {
  const lines: string[] = [''];
  for (const word of text.split(breaks).flatMap((each) => pieces(each, room))) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && visibleLength((line + word).trimEnd()) > room) lines.push(word);
    else lines[lines.length - 1] = line + word;
  }
  return lines;
}

/** A word that is longer than a line, in pieces that are not. */
function pieces(word: string, room: number): string[] {
  if (visibleLength(word) <= room) return [word];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences of styleText stay whole
  const parts = word.match(/\u001b\[\d+m|./gsu) ?? [];
  const found: string[] = [''];
  for (const part of parts) {
    const piece = found.at(-1) ?? '';
    if (visibleLength(piece + part) > room) found.push(part);
    else found[found.length - 1] = piece + part;
  }
  return found;
}

function visibleLength(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences of styleText
  return text.replace(/\u001b\[\d+m/g, '').length;
}
