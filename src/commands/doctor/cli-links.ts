import type { Commands } from '../../options/commands.ts';
import { probes } from '../../providers/probes.ts';
import type { Cli } from '../../providers/provider.ts';
import { toldFailure } from '../../report/doctor-messages.ts';
import type { DoctorLink, LinkOf } from '../../report/doctor-report.ts';
import { cliVersionOf, isTooOld } from '../cli-version.ts';
import { findCli } from '../find-cli.ts';
import { reasonOf } from '../say.ts';
import { type CliRunSetup, runCli } from './cli-run.ts';
import { earlierLinks } from './earlier-links.ts';
import { looked, skipped, timed } from './link.ts';
import { settingsSetAside } from './own-settings.ts';
import { runLinks } from './run-links.ts';
import { strayAliases } from './shell-aliases.ts';

type CliSetup = Omit<CliRunSetup, 'cli' | 'cliVersion'>;

const behind = ['started', 'received', 'understood'] as const;

/** A CLI where one is, as a run would find it. */
export function isInstalled(cli: Cli, commands: Commands): boolean {
  const found = findCli(cli, commands);
  return found.ok || found.code !== 127;
}

/** All links of one CLI, each told as soon as it is known. */
export async function cliLinks(setup: CliSetup, tell: (link: DoctorLink) => void): Promise<void> {
  const { provider, options, place } = setup;
  const of: LinkOf = { what: 'cli', name: provider.id };
  const [cli, foundMs] = await timed(() => findCli(provider, options.commands));
  tell(
    looked('found', of, {
      text: cli.ok ? cli.file : provider.command,
      ms: foundMs,
      problems: [!cli.ok && toldFailure(cli.failure)],
      warnings: strayAliases(provider.command, place.home, place.readFile),
    }),
  );
  if (!cli.ok) {
    for (const link of ['version', ...behind] as const) tell(skipped(link, of, 'there is no program'));
    return;
  }

  const [version, versionMs] = await timed(() => cliVersionOf(cli.file, provider));
  // Codex is probed by this word, and has to be newer for it.
  const firstVersion = provider.firstVersion(['exec']);
  const isOld = version !== null && isTooOld(version, firstVersion);
  const { title, npmPackage } = provider;
  tell(
    looked('version', of, {
      text: version === null ? `not known; ${firstVersion} or newer is needed` : version,
      ms: versionMs,
      problems: [isOld && toldFailure({ kind: 'too_old', title, npmPackage, firstVersion, version })],
    }),
  );
  if (isOld) {
    for (const link of behind) tell(skipped(link, of, 'it is too old'));
    return;
  }

  const fixed = await probes[provider.id].fixedModels(place);
  if (fixed.length > 0) {
    for (const link of await earlierLinks(setup, of, fixed)) tell(link);
    return;
  }
  const setAside = await settingsSetAside(provider, place);
  try {
    const run = await runCli({ ...setup, cli, cliVersion: version });
    for (const link of runLinks(run, of, { provider, file: cli.file, version, setAside })) tell(link);
  } catch (error) {
    const problems = [toldFailure({ kind: 'untraced', reason: reasonOf(error) })];
    tell(looked('started', of, { text: 'was not started', problems }));
    for (const link of ['received', 'understood'] as const) tell(skipped(link, of, 'it was not started'));
  }
}
