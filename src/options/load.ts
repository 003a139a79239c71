import { parseCommands } from './commands.ts';
import { type OptionFs, optionFs } from './config-file.ts';
import { destinationsOf } from './destinations.ts';
import { readFileLayers } from './file-layers.ts';
import { environmentLayer, flagLayer, outerLayer } from './layer.ts';
import { parsePriceUpdates } from './price-updates.ts';
import { type Problem, resolveSettings } from './resolve.ts';
import type { RunOptions } from './run-options.ts';
import { optionTable } from './table.ts';
import type { FlagValue } from './texts.ts';
import type { Warning } from './warning.ts';

export interface OptionSources {
  /** What commander made of our own flags: `command.opts()`. */
  flags: Readonly<Record<string, FlagValue>>;
  env: NodeJS.ProcessEnv;
  cwd: string;
  home: string;
  /** The user's configuration file, there or not. */
  userFile: string;
  /** The destinations of the run that this one is part of, as `--forward` takes them. */
  outerForward?: readonly string[];
  fs?: OptionFs;
}

export type LoadedOptions =
  | { ok: true; options: RunOptions; prices: unknown; warnings: Warning[] }
  | { ok: false; problem: Problem };

/**
 * The options of a run: flag > environment > project file > user file > default. Where it sends to, a run that is
 * part of another has from that one, unless its own flags or environment say otherwise. A file that cannot be read
 * and a key that is not known are warnings; a bad value anywhere is a problem. `prices` is the user file's
 * table as it stands, undefined without one.
 */
export async function loadOptions(sources: OptionSources): Promise<LoadedOptions> {
  const { flags, env, cwd, home, userFile, outerForward = [], fs = optionFs } = sources;
  const place = { cwd, home };
  const files = await readFileLayers(userFile, place, fs);

  // Behind an alias there are no flags, and their names need not be read off the table.
  const given = Object.keys(flags).length > 0 ? [flagLayer(flags)] : [];
  const layers = [...given, environmentLayer(env), outerLayer(outerForward), ...files.layers];
  const settings = resolveSettings(optionTable, layers, place, fs);
  if (!settings.ok) return settings;
  const { forward, forwardHeaders, forwardHeadersFile, forwardCa, forwardCert, forwardKey, ...others } =
    settings.value;

  const commands = parseCommands(files.user['commands'], place);
  if (!commands.ok) {
    const { key, value, reason } = commands;
    return { ok: false, problem: { source: userFile, key, value, reason } };
  }

  const priceUpdates = parsePriceUpdates(env, files.user['price_updates']);
  if (!priceUpdates.ok) {
    const { source = userFile, value, reason } = priceUpdates;
    return { ok: false, problem: { source, key: 'price_updates', value, reason } };
  }

  const tls = { ca: forwardCa, cert: forwardCert, key: forwardKey };
  const resolved = destinationsOf({ forward, forwardHeaders, forwardHeadersFile, tls }, env, place);
  if (!resolved.ok) return resolved;
  return {
    ok: true,
    options: {
      ...others,
      forward: resolved.value.destinations,
      commands: commands.value,
      priceUpdates: priceUpdates.value,
    },
    prices: files.user['prices'],
    warnings: [...files.warnings, ...resolved.value.warnings],
  };
}
