import { clis } from '../providers/clis.ts';
import type { Failure } from '../report/messages.ts';
import { nearestWord } from './nearest-word.ts';
import { ownCommands } from './own-commands.ts';

/** What to say to a word that is neither a CLI nor a command of ours. */
export function unknownWord(word: string): Failure {
  const known = [...Object.keys(clis), ...ownCommands.map((command) => command.word)];
  return { kind: 'unknown_command', word, known, nearest: nearestWord(word, known) };
}
