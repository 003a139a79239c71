import type { Failure } from '../report/messages.ts';
import { writeError } from './output.ts';

/** Tells a failure of ours on stderr, unless the user wants nothing of ours there. */
export async function say(failure: Failure, quiet: boolean): Promise<void> {
  if (quiet) return;
  const { failureText } = await import('../report/messages.ts');
  writeError(`${failureText(failure)}\n`);
}
