import { type FilePaths, filePaths } from '../files/paths.ts';
import { loadOptions } from '../options/load.ts';
import type { RunOptions } from '../options/run-options.ts';
import type { FlagValue } from '../options/texts.ts';
import type { PriceOverrides } from '../pricing/overrides.ts';
import type { Failure, Notice } from '../report/messages.ts';
import { homeFolder } from './home.ts';

export type Configuration =
  | { ok: true; options: RunOptions; overrides: PriceOverrides; notices: readonly Notice[] }
  | { ok: false; failure: Failure };

/** Where this user's files are on this machine. */
export function ownPaths(): FilePaths {
  const { env, platform } = process;
  return filePaths({ env, platform, home: homeFolder(), uid: process.getuid?.() ?? -1 });
}

/** Flags, environment and files, with the user's own prices read from the same file. */
export async function loadConfiguration(
  flags: Readonly<Record<string, FlagValue>>,
  paths: FilePaths,
  outerForward: readonly string[] = [],
): Promise<Configuration> {
  const { configFile: userFile } = paths;
  const loaded = await loadOptions({
    flags,
    env: process.env,
    cwd: process.cwd(),
    home: homeFolder(),
    userFile,
    outerForward,
  });
  if (!loaded.ok) return { ok: false, failure: { kind: 'bad_value', ...loaded.problem } };
  const { options, warnings: notices } = loaded;
  if (loaded.prices === undefined) return { ok: true, options, overrides: new Map(), notices };

  const { parseOverrides } = await import('../pricing/parse-overrides.ts');
  const parsed = parseOverrides(loaded.prices);
  if (parsed.ok) return { ok: true, options, overrides: parsed.overrides, notices };
  const { key, reason } = parsed;
  return { ok: false, failure: { kind: 'bad_price', source: userFile, key, reason } };
}
