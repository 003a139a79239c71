import { basename } from 'node:path';
import { isProviderId } from '../providers/clis.ts';

/**
 * The words of the command line, from Node's `argv`. Started through a link that is named like a CLI (`codex` → `ai-trace`), that
 * name is the first of them: `codex exec` is `ai-trace codex exec`.
 */
export function wordsOf([, program = '', ...words]: readonly string[]): string[] {
  const name = basename(program);
  return isProviderId(name) ? [name, ...words] : words;
}
