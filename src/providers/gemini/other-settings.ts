import type { ConfigPlace, Override, SettingsTree, Value } from '../persistent-settings.ts';
import { tableAt } from '../persistent-settings.ts';

/** Where an administrator's settings are (the program's text, 0.61.0). */
const systemFiles: Partial<Record<NodeJS.Platform, string>> = {
  darwin: '/Library/Application Support/GeminiCli/settings.json',
  win32: 'C:\\ProgramData\\gemini-cli\\settings.json',
};

/** Settings of the machine, and of the project if its folder is trusted, win over the user's key by key. */
export async function settingsOverrides(
  wanted: Readonly<Record<string, Value>>,
  place: ConfigPlace,
): Promise<Override[]> {
  const { cwd, readFile } = place;
  const files = [
    { layer: 'managed', file: systemFile(place) },
    { layer: 'project', file: `${cwd}/.gemini/settings.json` },
  ] as const;
  const overrides: Override[] = [];
  for (const { layer, file } of files) {
    const own = tableAt(await parsedSettings(readFile(file)), 'telemetry');
    const keys = Object.keys(own).filter((key) => key !== 'useCollector' && own[key] !== wanted[key]);
    const harmful = keys.filter((key) => key in wanted || own[key]);
    if (harmful.length > 0) overrides.push({ layer, file, keys: harmful.map((key) => `telemetry.${key}`) });
  }
  return overrides;
}

export function systemFile({ env, platform }: Pick<ConfigPlace, 'env' | 'platform'>): string {
  return env['GEMINI_CLI_SYSTEM_SETTINGS_PATH'] || (systemFiles[platform] ?? '/etc/gemini-cli/settings.json');
}

/** JSON with comments; what cannot be read has no settings. */
export async function parsedSettings(json: string | undefined): Promise<SettingsTree> {
  if (json === undefined) return {};
  const { parse } = await import('jsonc-parser');
  const value: unknown = parse(json);
  return typeof value === 'object' && value !== null ? (value as SettingsTree) : {};
}
