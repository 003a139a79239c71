import type { Place } from './option.ts';
import type { Pairs } from './pairs.ts';
import { expandHome } from './path-value.ts';
import { isTable } from './texts.ts';

export type ParsedCommands =
  | { ok: true; value: Pairs }
  | { ok: false; key: string; value: string; reason: string };

/**
 * `[commands]`, user file only: `codex = "/opt/codex"`, the program to start for a provider (a path, or a
 * name on PATH).
 */
export function parseCommands(table: unknown, { home }: Pick<Place, 'home'>): ParsedCommands {
  if (table === undefined) return { ok: true, value: {} };
  if (!isTable(table)) return bad('commands', table, 'must be a table');
  const commands: [string, string][] = [];
  for (const [provider, command] of Object.entries(table)) {
    if (typeof command !== 'string' || command === '') {
      return bad(`commands.${provider}`, command, 'must be a path or the name of a program');
    }
    commands.push([provider, expandHome(command, home)]);
  }
  return { ok: true, value: Object.fromEntries(commands) };
}

function bad(key: string, value: unknown, reason: string): ParsedCommands {
  return { ok: false, key, value: typeof value === 'object' ? 'a table or an array' : String(value), reason };
}
