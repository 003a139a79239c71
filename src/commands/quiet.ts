import { parseSwitch } from '../options/choice.ts';
import { optionTable } from '../options/table.ts';
import type { FlagValue } from '../options/texts.ts';

/**
 * For what is to be said before, or because, the options could not be read: the flag and the variable alone.
 */
export function isQuiet(flags: Readonly<Record<string, FlagValue>>): boolean {
  const given = parseSwitch([process.env[optionTable.quiet.env] ?? '']);
  return flags['quiet'] === true || (given.ok && given.value);
}
