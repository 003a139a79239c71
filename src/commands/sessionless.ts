import type { Cli } from '../providers/provider.ts';

/**
 * Does the command line ask for no session: `--version`, `--help`, `login` and the like as its first word?
 * Such a command runs untouched. Our settings would only slow it down: Claude answers a bare `--version`
 * without loading itself.
 */
export function isSessionless([first]: readonly string[], { sessionless }: Cli): boolean {
  return first !== undefined && (isQuestion(first) || sessionless.includes(first));
}

/** `--version` or `--help`, in the spellings of the three CLIs. */
export function isQuestion(word: string): boolean {
  return /^(-[vVh]|--version|--help)$/.test(word);
}
