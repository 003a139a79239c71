import { Command, InvalidArgumentError } from 'commander';
import { optionTable } from '../options/table.ts';
import type { FlagValue } from '../options/texts.ts';
import { clis, isProviderId } from '../providers/clis.ts';
import type { ProviderId } from '../providers/provider.ts';
import type { DoctorLink } from '../report/doctor-report.ts';
import { type DoctorTerminal, groupTitle, headLine, lastLine, linkLines } from '../report/doctor-terminal.ts';
import type { Failure } from '../report/messages.ts';
import { version } from '../version.ts';
import { loadConfiguration, ownPaths } from './configuration.ts';
import { type DoctorArgs, doctor } from './doctor/doctor.ts';
import { timed } from './doctor/link.ts';
import { storeAddress } from './doctor/store-address.ts';
import type { StoreName } from './doctor/stores.ts';
import { isDisabled } from './early-switches.ts';
import { homeFolder } from './home.ts';
import { outerRunOf } from './outer-run.ts';
import { writeError, writeOutput } from './output.ts';
import { doctorOptions } from './own-commands.ts';
import { parseFlags } from './own-options.ts';
import { say } from './say.ts';

interface Words {
  provider?: ProviderId[];
  json?: true;
  tempo?: string;
  loki?: string;
  prometheus?: string;
  /** Seconds. */
  wait?: number;
}

/** A batch of the collector, and a store's own, take some of it. Seconds. */
const usualWait = 30;

/** The words behind `ai-trace doctor`. Returns the exit code: 1 when a link is broken. */
export async function doctorCommand(
  words: readonly string[],
  given: Readonly<Record<string, FlagValue>>,
): Promise<number> {
  const command = parser();
  const parsed = parseFlags(
    command,
    doctorOptions.map((name) => optionTable[name]),
    words,
  );
  if (parsed.kind === 'ended') return parsed.code;
  const {
    provider: ids = [],
    json,
    tempo,
    loki,
    prometheus,
    wait = usualWait,
    ...flags
  } = command.opts<Words>();
  const stores: DoctorArgs['stores'][number][] = [];
  for (const [name, text] of Object.entries({ tempo, loki, prometheus }) as [StoreName, string?][]) {
    if (text === undefined) continue;
    const store = storeAddress(text);
    // What was written may hold a secret.
    if (store === null) {
      writeError(`ai-trace: --${name} is no http:// or https:// URL.\nTry: ai-trace doctor --help\n`);
      return 2;
    }
    stores.push({ name, store });
  }
  const all = { ...given, ...(flags as Readonly<Record<string, FlagValue>>) };
  const outer = outerRunOf(process.env);
  const [configuration, configuredMs] = await timed(() => loadConfiguration(all, ownPaths(), outer?.forward));
  // What is wrong in a file or a variable is a broken link; what is wrong in these words is not.
  if (!configuration.ok && isOfFlag(configuration.failure)) {
    await say(configuration.failure, false);
    return 2;
  }
  const show = json ? { onBegin: () => {}, onLink: () => {} } : shown(terminal());
  const report = await doctor({
    ids,
    configuration,
    configuredMs,
    isDisabled: isDisabled(all),
    stores,
    waitMs: wait * 1000,
    ...show,
  });
  writeOutput(json ? `${JSON.stringify(report, null, 2)}\n` : `\n${lastLine(report)}\n`);
  return report.ok ? 0 : 1;
}

function parser(): Command {
  return new Command('ai-trace doctor')
    .description('Proves the way from a CLI to your stores, link by link, with a probe that asks no model.')
    .option('--provider <name>', `${Object.keys(clis).join(', ')}; can be repeated (default: all)`, providers)
    .option('--tempo <url>', 'look for the probe in this Tempo')
    .option('--loki <url>', 'look for the probe in this Loki')
    .option('--prometheus <url>', 'look for the probe in this Prometheus or Mimir')
    .option('--wait <seconds>', `how long a store may take to find it (default: ${usualWait})`, seconds)
    .option('--json', 'print JSON')
    .allowExcessArguments(false)
    .showHelpAfterError('Try: ai-trace doctor --help');
}

function providers(name: string, before: readonly ProviderId[] = []): ProviderId[] {
  if (!isProviderId(name)) throw new InvalidArgumentError(`Known: ${Object.keys(clis).join(', ')}.`);
  return before.includes(name) ? [...before] : [...before, name];
}

function isOfFlag(failure: Failure): boolean {
  return failure.kind === 'bad_value' && failure.source.startsWith('--');
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 3600)) throw new InvalidArgumentError('Seconds, from 0 to 3600.');
  return value;
}

/** Prints each link when it is known, below a title for those that belong together. */
function shown(how: DoctorTerminal) {
  let title = '';
  return {
    onBegin: (probeId: string) => writeOutput(`${headLine({ probe_id: probeId, version })}\n`),
    onLink: (link: DoctorLink) => {
      const next = groupTitle(link.of, how);
      if (next !== title) writeOutput(`\n${next}\n`);
      title = next;
      writeOutput(`${linkLines(link, how).join('\n')}\n`);
    },
  };
}

function terminal(): DoctorTerminal {
  const { env, stdout } = process;
  return {
    colour: stdout.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
    titles: Object.fromEntries(Object.values(clis).map(({ id, title }) => [id, title])),
    home: homeFolder(),
  };
}
