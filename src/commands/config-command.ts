import { homedir } from 'node:os';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { parseTarget } from '../options/target.ts';
import { clis, isProviderId } from '../providers/clis.ts';
import type { ProviderId } from '../providers/provider.ts';
import { type ConfigMisuse, misuseText } from '../report/config-messages.ts';
import { type ConfigMode, config } from './config/config.ts';
import { writeError } from './output.ts';

const modes = ['print', 'write', 'check', 'undo'] as const;

interface Words {
  provider?: ProviderId[];
  all?: true;
  print?: true;
  write?: true;
  check?: true;
  undo?: true;
  endpoint?: string;
  force?: true;
}

/**
 * The words behind `ai-trace config`. Returns the exit code: 1 when something was refused, or when `--check` says no.
 */
export async function configCommand(words: readonly string[]): Promise<number> {
  const command = parser();
  try {
    command.parse([...words], { from: 'user' });
  } catch (error) {
    return error instanceof CommanderError && error.exitCode === 0 ? 0 : 2;
  }
  const { provider = [], all = false, force = false, endpoint, ...given } = command.opts<Words>();
  const ids = all ? Object.values(clis).map(({ id }) => id) : provider;
  if (ids.length === 0) return misused({ kind: 'no_provider' });
  const asked = modes.filter((mode) => given[mode]);
  if (asked.length > 1) return misused({ kind: 'several_modes', modes: asked });
  const address = endpoint === undefined ? undefined : addressOf(endpoint);
  if (address?.ok === false) return misused({ kind: 'bad_endpoint', ...address });
  const mode: ConfigMode = asked[0] ?? 'diff';
  return config({ ids, mode, onlyPresent: all, endpoint: address?.url, force });
}

function parser(): Command {
  return new Command('ai-trace config')
    .description('Lets a CLI export telemetry by its own settings, also when it is started without ai-trace.')
    .option('--provider <name>', `${Object.keys(clis).join(', ')}; can be repeated`, providers)
    .option('--all', 'every CLI that is installed or has settings here')
    .option('--print', 'print what is to be written, and look at no file')
    .option('--write', "write it into the CLI's own file; without it the change is shown only")
    .option('--check', 'say whether the file does so, and what wins over it')
    .option('--undo', 'take it out again')
    .option('--endpoint <url>', 'where the CLI is to send, by OTLP/HTTP (default: http://127.0.0.1:4318)')
    .option('--force', 'put telemetry settings that are there already out of force')
    .allowExcessArguments(false)
    .showHelpAfterError('Try: ai-trace config --help')
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'ai-trace: ')) })
    .exitOverride();
}

function providers(name: string, before: readonly ProviderId[] = []): ProviderId[] {
  if (!isProviderId(name)) throw new InvalidArgumentError(`Known: ${Object.keys(clis).join(', ')}.`);
  return before.includes(name) ? [...before] : [...before, name];
}

/** A base URL, without credentials: they would be written into a file that others read too. */
function addressOf(text: string): { ok: true; url: string } | { ok: false; value: string; reason: string } {
  const parsed = parseTarget(text, { cwd: process.cwd(), home: homedir() });
  if (!parsed.ok) return parsed;
  if (parsed.value.kind === 'http') return { ok: true, url: parsed.value.url };
  return { ok: false, value: text, reason: 'not an http:// or https:// URL' };
}

function misused(misuse: ConfigMisuse): 2 {
  writeError(`${misuseText(misuse)}\n`);
  return 2;
}
