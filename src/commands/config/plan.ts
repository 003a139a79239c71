import { isDeepStrictEqual } from 'node:util';
import type { PersistentSettings, SettingsTree, Snippet } from '../../providers/persistent-settings.ts';
import { differences } from './differences.ts';
import { editorFor, type Memory, type Removal } from './editor.ts';
import { hashOf, type WriteRecord } from './record.ts';

/** A file of a CLI as it is, and what we know of having written it. */
export interface Situation {
  persistent: PersistentSettings;
  /** undefined: there is no file. */
  text: string | undefined;
  record: WriteRecord | null;
  /** Its text before we wrote, where there is a record. */
  original: string | undefined;
  /** Lay hands on what is not ours, or not as we wrote it. */
  force: boolean;
}

/** Why nothing is written. */
export type Refusal =
  | { kind: 'unparsable'; line: number; reason: string }
  | { kind: 'foreign'; keys: readonly string[] }
  | { kind: 'changed'; keys: readonly string[] }
  /** The result would not say what it should, or say something else that it should not. */
  | { kind: 'unsafe' };

export type WritePlan =
  | { kind: 'already' }
  /** `before` is the text without anything of ours; `replaced` names keys that are put out of force. */
  | { kind: 'write'; before: string; text: string; memory: Memory; replaced: readonly string[] }
  | Refusal;

/** What the file becomes when it is to export to this endpoint. */
export function planWrite(situation: Situation, endpoint: string): WritePlan {
  const { persistent, record } = situation;
  const text = situation.text ?? '';
  const snippet = persistent.snippet(endpoint);
  const editor = editorFor(snippet);
  if (situation.text !== undefined) {
    const parsed = editor.parse(text);
    if (!parsed.ok) return { kind: 'unparsable', line: parsed.line, reason: parsed.reason };
    if (differences(persistent, endpoint, parsed.settings).length === 0) return { kind: 'already' };
  }
  const removal = withoutOurs(situation);
  if (removal.kind === 'changed') return removal;
  const before = removal.kind === 'removed' ? removal.text : text;
  const settings = settingsOf(before, snippet);
  if (settings === undefined) return { kind: 'unsafe' };
  const obstacles = persistent.obstacles(settings);
  const replaced = editor.foreign(before, obstacles);
  const agreed = situation.force || record?.forced === true;
  if (replaced.length > 0 && !agreed) return { kind: 'foreign', keys: replaced };
  const { text: after, memory } = editor.write(before, obstacles);
  const places = [...placesOf(snippet), ...obstacles.map(({ path }) => path)];
  if (!isSafe(before, after, places, snippet)) return { kind: 'unsafe' };
  const written = settingsOf(after, snippet);
  if (written === undefined || differences(persistent, endpoint, written).length > 0)
    return { kind: 'unsafe' };
  return { kind: 'write', before, text: after, memory, replaced };
}

type Path = readonly string[];

export type UndoPlan =
  /** `text` undefined: the file goes. `isExact`: to the byte what it was. */
  { kind: 'undo'; text: string | undefined; isExact: boolean } | { kind: 'nothing' } | Refusal;

/** What the file becomes without anything of ours. */
export function planUndo(situation: Situation): UndoPlan {
  const { persistent, text, record } = situation;
  if (text === undefined) return { kind: 'nothing' };
  const snippet = persistent.snippet(record?.endpoint ?? anyEndpoint);
  const isExact = isUntouched(situation);
  if (!isExact) {
    const parsed = editorFor(snippet).parse(text);
    if (!parsed.ok) return { kind: 'unparsable', line: parsed.line, reason: parsed.reason };
  }
  const removal = withoutOurs(situation);
  if (removal.kind === 'changed') return removal;
  if (removal.kind === 'absent') return { kind: 'nothing' };
  const { text: rest } = removal;
  if (record?.existed === false && /^\ufeff?\s*(\{\s*\})?\s*$/.test(rest)) {
    return { kind: 'undo', text: undefined, isExact: true };
  }
  const places = [...placesOf(snippet), ...(record?.memory.replaced ?? []).map(({ path }) => path)];
  if (!isExact && !isSafe(text, rest, places, snippet)) return { kind: 'unsafe' };
  return { kind: 'undo', text: rest, isExact };
}

/** Reading does not depend on it. */
const anyEndpoint = 'http://127.0.0.1:4318';

/** The text as it would be if we had never written. */
function withoutOurs(situation: Situation): Removal {
  const { persistent, text = '', record, original, force } = situation;
  if (isUntouched(situation) && original !== undefined) return { kind: 'removed', text: original };
  const settings = settingsOf(text, persistent.snippet(anyEndpoint));
  const endpoint = record?.endpoint ?? (settings && persistent.endpointOf(settings));
  if (endpoint === undefined) return { kind: 'absent' };
  return editorFor(persistent.snippet(endpoint)).remove(text, record?.memory ?? null, force);
}

/** Nobody has written since we did, and what was there before is known. */
function isUntouched({ text, record, original }: Situation): boolean {
  return text !== undefined && original !== undefined && record?.written === hashOf(text);
}

/** undefined for what cannot be read; a text without anything is a file that is not there. */
function settingsOf(text: string, snippet: Snippet): SettingsTree | undefined {
  if (text.trim() === '') return {};
  const parsed = editorFor(snippet).parse(text);
  return parsed.ok ? parsed.settings : undefined;
}

/** Places that a snippet is about; what is below them is not compared. */
function placesOf(snippet: Snippet): Path[] {
  return snippet.format === 'toml' ? [[snippet.name]] : snippet.members.map(({ path }) => path);
}

/** Apart from these places both texts say the same. */
function isSafe(before: string, after: string, places: readonly Path[], snippet: Snippet): boolean {
  const [left, right] = [before, after].map((text) => settingsOf(text, snippet));
  if (left === undefined || right === undefined) return false;
  return isDeepStrictEqual(outside(left, places), outside(right, places));
}

/** Settings without what is at these places; an object that nothing is left in is gone as well. */
function outside(settings: SettingsTree, places: readonly Path[]): SettingsTree {
  const entries = Object.entries(settings).flatMap(([key, value]) => {
    const inner = places.filter(([first]) => first === key).map(([, ...rest]) => rest);
    if (inner.length === 0) return [[key, value] as const];
    if (inner.some((path) => path.length === 0) || !isTree(value)) return [];
    const rest = outside(value, inner);
    return Object.keys(rest).length === 0 ? [] : [[key, rest] as const];
  });
  return Object.fromEntries(entries);
}

function isTree(value: unknown): value is SettingsTree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
