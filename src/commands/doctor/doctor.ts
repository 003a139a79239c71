import type { RunOptions } from '../../options/run-options.ts';
import { clis } from '../../providers/clis.ts';
import type { Cli, ProviderId } from '../../providers/provider.ts';
import { told } from '../../report/doctor-messages.ts';
import type { DoctorLink, DoctorReport, Finding } from '../../report/doctor-report.ts';
import { version } from '../../version.ts';
import { type Configuration, ownPaths } from '../configuration.ts';
import { homeFolder } from '../home.ts';
import { listFolder, readText } from '../private-files.ts';
import { randomUuid } from '../random.ts';
import { cliLinks, isInstalled } from './cli-links.ts';
import { configurationLink } from './configuration-link.ts';
import { destinationLink, destinationsOf, openProbed, sendProbe } from './destination-links.ts';
import { filesLink } from './files-link.ts';
import { looked, skipped } from './link.ts';
import { sendsDeltas } from './own-settings.ts';
import { probeTelemetry } from './probe-telemetry.ts';
import { storeLink } from './store-link.ts';
import type { StoreAddress, StoreName } from './stores.ts';

export interface DoctorArgs {
  /** Empty: every CLI that is installed. */
  ids: readonly ProviderId[];
  /** Options, and how long it took to read them, ms. */
  configuration: Configuration;
  configuredMs: number;
  /** By flag or variable: whatever the options say, nothing is traced. */
  isDisabled: boolean;
  stores: readonly { name: StoreName; store: StoreAddress }[];
  /** How long a store may take to find the probe, ms. */
  waitMs: number;
  /** Is told first what the probe is called. */
  onBegin(probeId: string): void;
  /** Is told each link as soon as it is known. */
  onLink(link: DoctorLink): void;
}

/** Goes along the chain, link by link: our own files, each CLI, each destination, each store. */
export async function doctor(args: DoctorArgs): Promise<DoctorReport> {
  const [probeId, startedAt, begun] = [await randomUuid(), Date.now(), performance.now()];
  const links: DoctorLink[] = [];
  const tell = (link: DoctorLink) => {
    links.push(link);
    args.onLink(link);
  };
  args.onBegin(probeId);

  const paths = ownPaths();
  const { configuration } = args;
  tell(configurationLink(configuration, paths.configFile, args.isDisabled, args.configuredMs));
  if (configuration.ok) {
    const { options, overrides } = configuration;
    tell(await filesLink(paths, options.spoolLimitBytes, startedAt));
    const { env, platform } = process;
    const place = { env, platform, home: homeFolder(), cwd: process.cwd(), readFile: readText, listFolder };
    const probed = await openProbed(options);
    const destinations = destinationsOf(probed);
    const shared = { options, overrides, paths, probeId, destinations, place };
    const ids = chosen(args.ids, options);
    if (ids.length === 0) tell(noCliLink());
    for (const id of ids) await cliLinks({ ...shared, provider: clis[id] }, tell);

    sendProbe(probed, probeTelemetry({ id: probeId, version, tags: options.tags }, startedAt, Date.now()));
    for (const each of probed) tell(await destinationLink(each));

    const deltas = ids.map((id) => clis[id]).filter((cli) => sendsDeltas(cli, place));
    const isDelivered = links.some(({ link, state }) => link === 'delivered' && state === 'ok');
    // All at once: each may take as long as the others.
    const asked = args.stores.map(({ name, store }) => {
      if (!isDelivered) return skipped('stored', { what: 'store', name }, 'the probe was not delivered');
      const warnings = name === 'prometheus' ? deltaFindings(deltas) : [];
      return storeLink({ name, store, probeId, since: startedAt, waitMs: args.waitMs, warnings });
    });
    for (const link of asked) tell(await link);
  }

  return {
    schema: 1,
    version,
    probe_id: probeId,
    started_at: new Date(startedAt).toISOString(),
    duration_ms: Math.round(performance.now() - begun),
    ok: links.every(({ state }) => state !== 'broken'),
    links,
  };
}

function chosen(ids: readonly ProviderId[], { commands }: RunOptions): readonly ProviderId[] {
  if (ids.length > 0) return ids;
  return Object.values(clis)
    .filter((cli) => isInstalled(cli, commands))
    .map(({ id }) => id);
}

function noCliLink(): DoctorLink {
  const problems = [told({ kind: 'no_cli' })];
  return looked('found', { what: 'ai-trace' }, { text: Object.keys(clis).join(', '), problems });
}

function deltaFindings(deltas: readonly Cli[]): Finding[] {
  if (deltas.length === 0) return [];
  return [told({ kind: 'delta_metrics', titles: deltas.map(({ title }) => title) })];
}
