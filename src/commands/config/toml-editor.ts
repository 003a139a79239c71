import { parse, TomlError } from 'smol-toml';
import {
  insertTable,
  removeTable,
  statementsOf,
  switchOff,
  switchOn,
  tableLines,
} from '../../edit/toml/table.ts';
import type { Snippet } from '../../providers/persistent-settings.ts';
import type { Editor } from './editor.ts';

/** A foreign table is not deleted: its lines become comments, so that they come back to where they were. */
export function tomlEditor(table: Extract<Snippet, { format: 'toml' }>): Editor {
  return {
    // Codex reads TOML 1.1, as this parser does; @iarna/toml reads 1.0.
    parse(text) {
      try {
        const settings = parse(text, { integersAsBigInt: 'asNeeded' });
        return { ok: true, settings };
      } catch (error) {
        if (!(error instanceof TomlError)) throw error;
        const [summary = ''] = error.message.split('\n');
        return { ok: false, line: error.line, reason: summary.replace(/^Invalid TOML document: /, '') };
      }
    },

    foreign(text) {
      const paths = statementsOf(text, table.name).map(({ path }) => path.join('.'));
      return [...new Set(paths)];
    },

    write: (text) => ({
      text: insertTable(switchOff(text, table.name), table),
      memory: { inserted: [], replaced: [] },
    }),

    remove(text, _memory, force) {
      const removal = removeTable(text, table, force);
      if (removal.kind === 'changed') return { kind: 'changed', keys: [table.name] };
      const rest = removal.kind === 'removed' ? removal.text : text;
      const restored = switchOn(rest);
      return restored === text ? { kind: 'absent' } : { kind: 'removed', text: restored };
    },

    print: () => `${tableLines(table).join('\n')}\n`,
  };
}
