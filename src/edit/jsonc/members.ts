import { isDeepStrictEqual } from 'node:util';
import type { Node } from 'jsonc-parser';
import { type JsonPath, meaningOf, parseDocument, valueAt } from './document.ts';
import { insertionOf, type JsonValue, onOneLine } from './insert.ts';
import { type Span, spansOfMember, without } from './remove.ts';
import { styleOf } from './style.ts';

/** A value of ours and its place: a member of the root, or of an object in it. */
export interface JsonMember {
  path: JsonPath;
  value: JsonValue;
}

/** What must be remembered to take members out again, where the texts alone do not tell it. */
export interface JsonMemory {
  /** Each text that was put in, in one piece, and the paths of what it holds. */
  inserted: readonly { text: string; paths: readonly JsonPath[] }[];
  /** Values that were there, as they were written, and what replaced them. */
  replaced: readonly { path: JsonPath; text: string; by: JsonValue }[];
}

/** Without a record: whatever has a value of ours is ours. */
export function memoryless(members: readonly JsonMember[]): JsonMemory {
  return { inserted: [{ text: '', paths: members.map(({ path }) => path) }], replaced: [] };
}

/** Puts each member where it belongs: a value that is there is replaced, unless it is the same. */
export function writeMembers(
  json: string,
  members: readonly JsonMember[],
): { text: string; memory: JsonMemory } {
  const replaced: JsonMemory['replaced'][number][] = [];
  const inserted: JsonMemory['inserted'][number][] = [];
  let text = json;
  for (const member of members) {
    const node = valueAt(rootOf(text), member.path);
    if (node === undefined || isDeepStrictEqual(meaningOf(node), member.value)) continue;
    replaced.push({ path: member.path, text: textOf(text, node), by: member.value });
    text = replace(text, node, onOneLine(member.value));
  }
  for (const group of groupsOf(members.filter(({ path }) => valueAt(rootOf(text), path) === undefined))) {
    const added = insertGroup(text, group);
    text = added.text;
    inserted.push({ text: added.inserted, paths: group.map(({ path }) => path) });
  }
  return { text, memory: { inserted, replaced } };
}

/** `changed`: values that are no longer ours; with `force` they go all the same. */
export type MembersRemoval =
  | { kind: 'removed'; text: string }
  | { kind: 'absent' }
  | { kind: 'changed'; paths: JsonPath[] };

/** The reverse of `writeMembers`: to the byte where our text stands as it was put in, else member by member. */
export function removeMembers(
  json: string,
  members: readonly JsonMember[],
  { inserted, replaced }: JsonMemory,
  force: boolean,
): MembersRemoval {
  const root = rootOf(json);
  const isInserted = (path: JsonPath) => inserted.some(({ paths }) => isIn(paths, path));
  const ours = [
    ...members.filter(({ path }) => isInserted(path)),
    ...replaced.map(({ path, by }) => ({ path, value: by })),
  ].flatMap(({ path, value }) => {
    const node = valueAt(root, path);
    return node === undefined ? [] : [{ path, isChanged: !isDeepStrictEqual(meaningOf(node), value) }];
  });
  if (ours.length === 0) return { kind: 'absent' };
  const changed = ours.filter(({ isChanged }) => isChanged).map(({ path }) => path);
  if (changed.length > 0 && !force) return { kind: 'changed', paths: changed };

  let text = json;
  for (const { path, text: before } of replaced) {
    const node = valueAt(rootOf(text), path);
    if (node !== undefined) text = replace(text, node, before);
  }
  for (const { text: whole, paths } of [...inserted].reverse()) text = removeGroup(text, whole, paths);
  return { kind: 'removed', text };
}

function insertGroup(text: string, group: readonly JsonMember[]): { text: string; inserted: string } {
  const root = rootOf(text);
  const [first] = group;
  const outer = first?.path.slice(0, -1) ?? [];
  const object = valueAt(root, outer);
  const members = group.map(({ path, value }) => [path.at(-1) ?? '', value] as const);
  const insertion =
    object?.type === 'object'
      ? insertionOf(text, object, members, styleOf(text, root))
      : insertionOf(text, root, [[outer[0] ?? '', Object.fromEntries(members)]], styleOf(text, root));
  const { at, text: inserted } = insertion;
  return { text: text.slice(0, at) + inserted + text.slice(at), inserted };
}

function removeGroup(text: string, whole: string, paths: readonly JsonPath[]): string {
  const nodes = paths.flatMap((path) => valueAt(rootOf(text), path) ?? []);
  const [first] = nodes;
  if (first === undefined) return text;
  const at = whole === '' ? -1 : text.lastIndexOf(whole, first.offset);
  if (at >= 0 && nodes.every(({ offset }) => offset > at && offset < at + whole.length)) {
    const rest = text.slice(0, at) + text.slice(at + whole.length);
    // Another member that has come beside it may now lack a comma, or have one too many.
    if (parseDocument(rest, { comments: true, byteOrderMark: true, finalCommas: false }).ok) return rest;
  }
  let rest = text;
  for (const path of paths) {
    const node = valueAt(rootOf(rest), path);
    if (node !== undefined) rest = without(rest, memberSpans(rest, node));
  }
  const [outer] = paths.map((path) => path.slice(0, -1));
  return whole === '' || outer === undefined || outer.length === 0 ? rest : withoutEmpty(rest, outer, whole);
}

/** An object that came with our members goes with them, unless something else is in it now. */
function withoutEmpty(text: string, path: JsonPath, whole: string): string {
  const node = valueAt(rootOf(text), path);
  const isOurs = whole.trimStart().startsWith(`"${path.at(-1)}"`);
  const isEmpty = node?.type === 'object' && /^\{\s*\}$/.test(textOf(text, node));
  return isOurs && isEmpty ? without(text, memberSpans(text, node)) : text;
}

function memberSpans(text: string, value: Node): Span[] {
  return value.parent === undefined ? [] : spansOfMember(text, value.parent);
}

/** Those of one object together, in their order. */
function groupsOf(members: readonly JsonMember[]): JsonMember[][] {
  const groups = new Map<string, JsonMember[]>();
  for (const member of members) {
    const outer = JSON.stringify(member.path.slice(0, -1));
    groups.set(outer, [...(groups.get(outer) ?? []), member]);
  }
  return [...groups.values()];
}

/** @throws for a text that the caller has not looked at: it is parsed before anything is asked of it. */
function rootOf(text: string): Node {
  const document = parseDocument(text);
  if (!document.ok) throw new Error(`line ${document.line}: ${document.reason}`);
  return document.root;
}

function isIn(paths: readonly JsonPath[], path: JsonPath): boolean {
  return paths.some((each) => isDeepStrictEqual(each, path));
}

function textOf(text: string, { offset, length }: Node): string {
  return text.slice(offset, offset + length);
}

function replace(text: string, { offset, length }: Node, value: string): string {
  return text.slice(0, offset) + value + text.slice(offset + length);
}
