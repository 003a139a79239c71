/** What came of a tool call, which Gemini CLI tells only where prompts are logged. */

/** The exit code of a command in the `metadata` of its log: `{"exitCode":3,"isError":true}`. */
export function exitCodeIn(metadata: string | undefined): number | undefined {
  const { exitCode } = objectIn<{ exitCode?: unknown }>(metadata);
  return typeof exitCode === 'number' ? exitCode : undefined;
}

/** A completed tool call as its span has it, as far as it is read. */
interface Completed {
  response?: { responseParts?: { functionResponse?: { response?: unknown } }[] };
}

/**
 * What the model was told came of it, as JSON; undefined also where the span's text was cut, at 10 000
 * characters.
 */
export function resultIn(completed: string | undefined): string | undefined {
  const { response } = objectIn<Completed>(completed);
  const parts = Array.isArray(response?.responseParts) ? response.responseParts : [];
  const [result] = parts.flatMap((part) => part?.functionResponse?.response ?? []);
  return result === undefined ? undefined : JSON.stringify(result);
}

function objectIn<T extends object>(json: string | undefined): Partial<T> {
  try {
    const value: unknown = JSON.parse(json ?? '');
    return typeof value === 'object' && value !== null ? (value as Partial<T>) : {};
  } catch {
    return {};
  }
}
