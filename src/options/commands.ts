import type { Place } from './option.ts';
import { expandHome } from './path-value.ts';
import { isTable } from './texts.ts';

/** A program to start (a path, or a name on PATH) and the words that stand before the user's own. */
export type Command = readonly [program: string, ...words: string[]];
export type Commands = Readonly<Record<string, Command>>;

export type ParsedCommands =
  | { ok: true; value: Commands }
  | { ok: false; key: string; value: string; reason: string };

/**
 * `[commands]`, user file only: what to start for a provider. `codex = "/opt/codex"`, or a list where words belong
 * to it: `codex = ["npx", "-y", "@openai/codex"]`.
 */
export function parseCommands(table: unknown, { home }: Pick<Place, 'home'>): ParsedCommands {
  if (table === undefined) return { ok: true, value: {} };
  if (!isTable(table)) return bad('commands', table, 'must be a table');
  const commands: [string, Command][] = [];
  for (const [provider, value] of Object.entries(table)) {
    const [program, ...words] = Array.isArray(value) ? value : [value];
    if (!isText(program) || program === '' || !words.every(isText)) {
      const reason = 'must be a path or the name of a program, or a list of it and its first words';
      return bad(`commands.${provider}`, value, reason);
    }
    commands.push([provider, [expandHome(program, home), ...words]]);
  }
  return { ok: true, value: Object.fromEntries(commands) };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function bad(key: string, value: unknown, reason: string): ParsedCommands {
  return { ok: false, key, value: typeof value === 'object' ? 'a table or an array' : String(value), reason };
}
