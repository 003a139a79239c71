import { bashInit, bashRemove } from './bash.ts';
import { fishInit, fishRemove } from './fish.ts';
import type { Shell, Vocabulary } from './vocabulary.ts';
import { zshInit, zshRemove } from './zsh.ts';

/** The script that a shell evaluates at its start, and the one that takes all of it out again. */
export const shellScripts: Readonly<
  Record<Shell, { init(vocabulary: Vocabulary): string; remove(vocabulary: Vocabulary): string }>
> = {
  bash: { init: bashInit, remove: bashRemove },
  zsh: { init: zshInit, remove: zshRemove },
  fish: { init: fishInit, remove: fishRemove },
};
