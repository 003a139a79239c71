import { expect, test } from 'vitest';
import { strayAliases } from '../../../../src/commands/doctor/shell-aliases.ts';

function found(file: string, text: string): string[] {
  const read = (path: string) => (path === `/home/u/${file}` ? text : undefined);
  return strayAliases('codex', '/home/u', read).map((finding) => finding.text);
}

test.each([
  ['.bashrc', 'alias codex=/opt/codex'],
  ['.zshrc', '  alias codex="codex --yolo"'],
  ['.zshrc', 'alias -g codex=x'],
  ['.config/fish/config.fish', "alias codex 'codex --yolo'"],
])('%s: %s', (file, line) => {
  expect(found(file, `# one\n${line}\n`)).toEqual([expect.stringContaining(`/home/u/${file}, line 2`)]);
});

test.each([
  'alias codex="ai-trace codex"',
  '# alias codex=x',
  'alias codex-old=x',
  'alias co=codex',
  'codex() { ai-trace codex; }',
])('%s is none', (line) => {
  expect(found('.bashrc', line)).toEqual([]);
});
