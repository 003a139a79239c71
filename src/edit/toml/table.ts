import { lineBreakOf } from '../line-break.ts';
import { type Statement, statements } from './statements.ts';

/** A table of ours: its name and its lines, `key = value` each. */
export interface TomlTable {
  name: string;
  lines: readonly string[];
}

/** Stands above the table. One line only: programs that edit the file carry it along with the table. */
const mark = '# Written by `ai-trace config`; with --undo it takes it out again.';

/** Stands before each line of another's table that ours replaces. */
const offPrefix = '# off by ai-trace: ';

/** The lines as they are written, mark and header included. */
export function tableLines({ name, lines }: TomlTable): string[] {
  return [mark, `[${name}]`, ...lines];
}

/** Appends the table: at the end it takes in no keys of others. */
export function insertTable(toml: string, table: TomlTable): string {
  const lineBreak = lineBreakOf(toml);
  const block = tableLines(table).join(lineBreak);
  if (toml === '' || toml === '\ufeff') return `${toml}${block}${lineBreak}`;
  if (toml.endsWith('\n')) return `${toml}${lineBreak}${block}${lineBreak}`;
  // A file without a last line break stays one.
  return `${toml}${lineBreak}${lineBreak}${block}`;
}

/**
 * `absent`: there is no table of that name that looks like ours. `changed`: it has our mark, but not our lines;
 * with `force` it is taken out all the same.
 */
export type TableRemoval = { kind: 'removed'; text: string } | { kind: 'absent' } | { kind: 'changed' };

/** The reverse of `insertTable`, to the byte, wherever the table stands now. */
export function removeTable(toml: string, table: TomlTable, force: boolean): TableRemoval {
  const all = statements(toml);
  const at = all.findIndex(({ kind, path }) => kind === 'table' && path.join('.') === table.name);
  const header = all[at];
  if (header === undefined) return { kind: 'absent' };
  const { start, isMarked } = startOf(toml, header);
  const end = endOf(all.slice(at), table.name);
  const [, ...unmarked] = tableLines(table);
  const isWhole = linesOf(toml.slice(header.start, end)).join('\n') === unmarked.join('\n');
  if (!isWhole && !isMarked) return { kind: 'absent' };
  if (!isWhole && !force) return { kind: 'changed' };
  return { kind: 'removed', text: withoutSeparator(toml.slice(0, start), toml.slice(end), toml[end - 1]) };
}

/** Statements of the table of that name, or below it, wherever they are. */
export function statementsOf(toml: string, name: string): Statement[] {
  return statements(toml).filter(({ path }) => path[0] === name);
}

/** Makes comments of what another has written of the table; `switchOn` is the reverse. */
export function switchOff(toml: string, name: string): string {
  let text = toml;
  for (const { start, end } of statementsOf(toml, name).reverse()) {
    const commented = toml.slice(start, end).replace(/(^|\n)(?=[\s\S])/g, `$1${offPrefix}`);
    text = text.slice(0, start) + commented + text.slice(end);
  }
  return text;
}

export function switchOn(toml: string): string {
  const all = statements(toml);
  const isComment = (at: number) => all.every(({ start, end }) => at < start || at >= end);
  const off = new RegExp(`(?<=^\\ufeff?|\\n)${offPrefix}`, 'g');
  return toml.replace(off, (prefix, at: number) => (isComment(at) ? '' : prefix));
}

function startOf(toml: string, header: Statement): { start: number; isMarked: boolean } {
  const above = toml.slice(0, header.start);
  const markStart = above.lastIndexOf(mark);
  const isMarked = markStart >= 0 && above.slice(markStart + mark.length).trim() === '';
  return { start: isMarked ? markStart : header.start, isMarked };
}

/** Behind the last statement before one of another table. */
function endOf([header, ...following]: Statement[], name: string): number {
  const other = following.findIndex(({ path }) => path[0] !== name);
  const own = other < 0 ? following : following.slice(0, other);
  return own.at(-1)?.end ?? header?.end ?? 0;
}

function linesOf(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd());
}

/** Takes out the blank line above too, and where the table ended the file without a line break, the one before it. */
function withoutSeparator(above: string, below: string, last = ''): string {
  const endedFile = below === '' && last !== '\n';
  const separator = endedFile ? /(\r?\n){1,2}$/ : /(?<=\n)\r?\n$/;
  return above.replace(separator, '') + below;
}
