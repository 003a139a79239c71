import { parseSwitch } from '../options/choice.ts';
import { optionTable } from '../options/table.ts';
import type { FlagValue } from '../options/texts.ts';

type Flags = Readonly<Record<string, FlagValue>>;

/** For what is to be said before, or because, the options could not be read. */
export function isQuiet(flags: Flags): boolean {
  return isSwitchedOn('quiet', flags);
}

/** The options need not be read, and may be wrong, when the CLI is to run as if ai-trace were not there. */
export function isDisabled(flags: Flags): boolean {
  return isSwitchedOn('disable', flags);
}

/** By the flag or the variable alone. */
function isSwitchedOn(name: 'quiet' | 'disable', flags: Flags): boolean {
  const given = parseSwitch([process.env[optionTable[name].env] ?? '']);
  return flags[name] === true || (given.ok && given.value);
}
