import type { Failure } from '../report/messages.ts';
import { writeError } from './output.ts';

/** Tells a failure of ours on stderr, unless the user wants nothing of ours there. */
export async function say(failure: Failure, quiet: boolean): Promise<void> {
  if (quiet) return;
  writeError(`${await textOf(failure)}\n`);
}

/** The message of an error, without what stands behind its first line. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0] ?? text;
}

/** The texts may be what is broken. */
async function textOf(failure: Failure): Promise<string> {
  try {
    const { failureText } = await import('../report/messages.ts');
    return failureText(failure);
  } catch {
    return `ai-trace: ${failure.kind.replaceAll('_', ' ')}. Its installation is broken; install it again.`;
  }
}
