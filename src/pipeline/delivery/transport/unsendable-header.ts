import { validateHeaderName, validateHeaderValue } from 'node:http';

/** They say how a message is framed or how its connection is used, which is Node's to say (RFC 9110 §7.6.1, §8.6, §10.1.1). */
const ofTheMessage: ReadonlySet<string> = new Set([
  'content-length',
  'expect',
  'keep-alive',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The name of the first header that cannot be sent, null without one. @param headers names in lower case */
export function unsendableHeader(headers: Readonly<Record<string, string>>): string | null {
  const found = Object.entries(headers).find(
    ([name, value]) => ofTheMessage.has(name) || !isValid(name, value),
  );
  return found?.[0] ?? null;
}

function isValid(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
