import { isDeepStrictEqual } from 'node:util';
import type { Node } from 'jsonc-parser';
import { duplicateOn, type JsonPath, meaningOf, parseDocument, valueAt } from '../../edit/jsonc/document.ts';
import { memoryless, removeMembers, writeMembers } from '../../edit/jsonc/members.ts';
import type { Member, SettingsTree, Snippet } from '../../providers/persistent-settings.ts';
import type { Editor, Parsed } from './editor.ts';

/** JSON has no place for a mark: the memory says which members are ours, and what they have replaced. */
export function jsoncEditor({ members, dialect }: Extract<Snippet, { format: 'jsonc' }>): Editor {
  return {
    parse(text): Parsed {
      if (text.trim() === '' && dialect.empty) return { ok: true, settings: {} };
      const document = parseDocument(text, { ...dialect, finalCommas: false });
      if (!document.ok) return document;
      const problem = problemOf(document.root, members);
      if (problem !== undefined) return { ok: false, ...problem(text) };
      return { ok: true, settings: meaningOf(document.root) as SettingsTree };
    },

    foreign(text, obstacles) {
      const root = rootOf(text);
      const replaced = members.filter((member) => root && valueAt(root, member.path) && !isAt(root, member));
      return [...replaced, ...beside(obstacles, members)].map(({ path }) => path.join('.'));
    },

    write(text, obstacles) {
      const document = text.trim() === '' ? `${text.startsWith('\ufeff') ? '\ufeff' : ''}{}\n` : text;
      return writeMembers(document, [...members, ...beside(obstacles, members)]);
    },

    remove(text, memory, force) {
      const root = rootOf(text);
      if (root === undefined) return { kind: 'absent' };
      if (memory === null && !members.every((member) => isAt(root, member))) return { kind: 'absent' };
      const removal = removeMembers(text, members, memory ?? memoryless(members), force);
      if (removal.kind !== 'changed') return removal;
      return { kind: 'changed', keys: removal.paths.map((path) => path.join('.')) };
    },

    print: () => `${JSON.stringify(nested(members), null, 2)}\n`,
  };
}

function isAt(root: Node, { path, value }: Member): boolean {
  const node = valueAt(root, path);
  return node !== undefined && isDeepStrictEqual(meaningOf(node), value);
}

/** Obstacles that are not gone anyhow once our members stand where they do. */
function beside(obstacles: readonly Member[], members: readonly Member[]): Member[] {
  return obstacles.filter(
    ({ path }) => !members.some((own) => own.path.every((name, i) => path[i] === name)),
  );
}

/** What keeps a document from being edited although it is one. */
function problemOf(root: Node, members: readonly Member[]) {
  const paths = members.map(({ path }) => path);
  const at = (node: Node | undefined, reason: string) => (text: string) => ({
    line: text.slice(0, node?.offset ?? 0).split('\n').length,
    reason,
  });
  const twice = duplicateOn(root, paths);
  if (twice !== undefined) return at(valueAt(root, twice), `${twice.join('.')} stands there twice`);
  const outer = paths.map((path) => path.slice(0, -1)).filter((path) => path.length > 0);
  const wrong = outer.find((path: JsonPath) => (valueAt(root, path)?.type ?? 'object') !== 'object');
  return wrong && at(valueAt(root, wrong), `${wrong.join('.')} is not an object`);
}

function rootOf(text: string): Node | undefined {
  const document = parseDocument(text);
  return document.ok ? document.root : undefined;
}

function nested(members: readonly Member[]): SettingsTree {
  const tree: Record<string, unknown> = {};
  for (const { path, value } of members) {
    const [outer = '', inner] = path;
    tree[outer] = inner === undefined ? value : { ...(tree[outer] as object), [inner]: value };
  }
  return tree;
}
