import type { ConfigPlace } from '../../providers/persistent-settings.ts';
import type { ConfigCheck } from '../../report/config-messages.ts';
import type { ConfigTarget } from './apply.ts';
import { readConfig } from './config-file.ts';
import { differences } from './differences.ts';
import { editorFor } from './editor.ts';

/** Does the file export to this endpoint with content off, and does anything win over it? */
export async function checkConfig(
  { persistent, file }: ConfigTarget,
  endpoint: string,
  place: ConfigPlace,
): Promise<ConfigCheck> {
  const read = await readConfig(file);
  if (read.kind === 'not_utf8' || read.kind === 'failed') return read;
  if (read.kind === 'absent') return { kind: 'no_file' };
  const parsed = editorFor(persistent.snippet(endpoint)).parse(read.text);
  if (!parsed.ok) return { kind: 'unparsable', line: parsed.line, reason: parsed.reason };
  const { settings } = parsed;
  return {
    kind: 'checked',
    endpoint,
    elsewhere: persistent.endpointOf(settings) ?? null,
    differences: differences(persistent, endpoint, settings),
    overrides: await persistent.overrides(endpoint, place, settings),
  };
}

/** The exit code says it too. */
export function isInForce(check: ConfigCheck): boolean {
  return check.kind === 'checked' && check.differences.length === 0 && check.overrides.length === 0;
}
