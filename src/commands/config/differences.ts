import { isDeepStrictEqual } from 'node:util';
import { type PersistentSettings, type SettingsTree, tableAt } from '../../providers/persistent-settings.ts';
import { editorFor } from './editor.ts';

/** Keys that are not as they must be for the file to export to this endpoint with content off. */
export function differences(
  persistent: PersistentSettings,
  endpoint: string,
  settings: SettingsTree,
): string[] {
  const editor = editorFor(persistent.snippet(endpoint));
  const wanted = editor.parse(editor.print());
  if (!wanted.ok) throw new Error(`our own snippet: ${wanted.reason}`);
  const missing = Object.keys(wanted.settings).flatMap((top) => {
    const own = tableAt(settings, top);
    const wrong = Object.entries(tableAt(wanted.settings, top)).filter(
      ([key, value]) => !isDeepStrictEqual(own[key], value),
    );
    return wrong.map(([key]) => `${top}.${key}`);
  });
  return [...missing, ...persistent.obstacles(settings).map(({ path }) => path.join('.'))];
}
