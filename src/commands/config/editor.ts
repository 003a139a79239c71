import type { JsonMemory } from '../../edit/jsonc/members.ts';
import type { Member, SettingsTree, Snippet } from '../../providers/persistent-settings.ts';
import { jsoncEditor } from './jsonc-editor.ts';
import { tomlEditor } from './toml-editor.ts';

export type Parsed = { ok: true; settings: SettingsTree } | { ok: false; line: number; reason: string };

export type Removal =
  | { kind: 'removed'; text: string }
  /** There is nothing of ours. */
  | { kind: 'absent' }
  /** Ours, but not as we wrote it. */
  | { kind: 'changed'; keys: readonly string[] };

/** What must be kept to take a snippet out again; only JSON needs any of it, for it has no place for a mark. */
export type Memory = JsonMemory;

/** Puts one snippet into the text of a file and takes it out again; the text is one that `parse` has accepted. */
export interface Editor {
  parse(text: string): Parsed;
  /** Keys that are not ours and stand where ours are to be, or in their way. */
  foreign(text: string, obstacles: readonly Member[]): string[];
  /** Foreign keys are put out of force. */
  write(text: string, obstacles: readonly Member[]): { text: string; memory: Memory };
  /** Without a memory only what is ours to the letter is taken out. With `force` also what was changed. */
  remove(text: string, memory: Memory | null, force: boolean): Removal;
  /** What `--print` shows. */
  print(): string;
}

export function editorFor(snippet: Snippet): Editor {
  return snippet.format === 'toml' ? tomlEditor(snippet) : jsoncEditor(snippet);
}
