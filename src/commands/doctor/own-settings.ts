import { aroundProxy } from '../../providers/loopback.ts';
import { persistentSettings } from '../../providers/persistent.ts';
import type { ConfigPlace, SettingsTree } from '../../providers/persistent-settings.ts';
import { probes } from '../../providers/probes.ts';
import type { Cli } from '../../providers/provider.ts';
import { told } from '../../report/doctor-messages.ts';
import type { Finding } from '../../report/doctor-report.ts';
import { editorFor } from '../config/editor.ts';

/** Reading does not depend on it. */
const anyEndpoint = 'http://127.0.0.1:4318';

/** What the CLI's own file says; nothing where it is not there or cannot be read. */
function ownSettings({ id }: Cli, place: ConfigPlace): SettingsTree {
  const persistent = persistentSettings[id];
  const text = place.readFile(persistent.file(place));
  if (text === undefined) return {};
  const parsed = editorFor(persistent.snippet(anyEndpoint)).parse(text);
  return parsed.ok ? parsed.settings : {};
}

/**
 * Settings that ai-trace puts out of force in its runs: they say why the CLI sends nothing without it. Managed ones are
 * not among them: nothing puts those out of force.
 */
export async function settingsSetAside(cli: Cli, place: ConfigPlace): Promise<Finding[]> {
  const persistent = persistentSettings[cli.id];
  const settings = ownSettings(cli, place);
  const obstacles = persistent.obstacles(settings).map(({ path }) => path.join('.'));
  const inFile = obstacles.length > 0 ? [{ file: persistent.file(place), keys: obstacles }] : [];
  const endpoint = persistent.endpointOf(settings) ?? anyEndpoint;
  const overrides = await persistent.overrides(endpoint, place, settings);
  const above = overrides
    .filter(({ layer }) => layer !== 'managed')
    .map(({ file = null, keys }) => ({ file, keys: keys.filter((key) => !isToldElsewhere(key)) }))
    .filter(({ keys }) => keys.length > 0);
  return [...inFile, ...above].map(({ file, keys }) => told({ kind: 'own_settings', file, keys }));
}

/** Does it send deltas by itself? */
export function sendsDeltas(cli: Cli, place: ConfigPlace): boolean {
  return probes[cli.id].sendsDeltas(ownSettings(cli, place));
}

/** Is there a proxy that takes what is for this machine as well? */
export function proxyFinding(env: ConfigPlace['env']): Finding | null {
  const exceptions = Object.entries(aroundProxy(env));
  if (exceptions.length === 0 || exceptions.some(([name, value]) => env[name] === value)) return null;
  const keys = Object.keys(env).filter((name) => /^(http|all)_proxy$/i.test(name) && env[name]);
  return told({ kind: 'proxy_catches_loopback', keys });
}

/** Proxies are told once for all CLIs, and the user's own endpoint is where ai-trace sends to. */
function isToldElsewhere(key: string): boolean {
  return /_proxy$/i.test(key) || key === 'OTEL_EXPORTER_OTLP_ENDPOINT';
}
