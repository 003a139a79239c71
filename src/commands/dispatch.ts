import type { ExitStatus } from '../launcher/exit-status.ts';
import { splitCommandLine } from '../options/command-line.ts';
import { optionTable } from '../options/table.ts';
import { clis, isProviderId } from '../providers/clis.ts';
import { isQuiet } from './early-switches.ts';
import type { OwnOptions } from './own-options.ts';
import { run } from './run.ts';
import { reasonOf, say } from './say.ts';

/** Understands a whole command line and does what it says. @param keepCompiled of src/main.ts */
export async function dispatch(argv: readonly string[], keepCompiled = () => {}): Promise<ExitStatus> {
  const { own, word, rest } = splitCommandLine(argv, optionTable);
  const options = await ownOptions(own).catch((error) => withoutOptions(word, error));
  if (options.kind === 'ended') return exit(options.code);
  const { flags } = options;

  if (isProviderId(word)) return run({ provider: clis[word], flags, args: rest, keepCompiled });
  if (word === 'prices') {
    const { pricesCommand } = await import('./prices-command.ts');
    return exit(await pricesCommand(rest, flags));
  }
  if (word === 'flush') {
    const { flushCommand } = await import('./flush-command.ts');
    return exit(await flushCommand(rest, flags));
  }
  if (word === 'shell-init') {
    const { shellInitCommand } = await import('./shell-init-command.ts');
    return exit(await shellInitCommand(rest));
  }
  if (word === 'config') {
    const { configCommand } = await import('./config-command.ts');
    return exit(await configCommand(rest));
  }
  if (word === 'doctor') {
    const { doctorCommand } = await import('./doctor-command.ts');
    return exit(await doctorCommand(rest, flags));
  }
  if (word === 'template') {
    const { templateCommand } = await import('./template-command.ts');
    return exit(await templateCommand(rest));
  }
  // `ai-trace help codex` is `ai-trace codex --help`.
  if (word === 'help') return dispatch([...own, ...rest.slice(0, 1), '--help'], keepCompiled);
  if (word === null) {
    await say({ kind: 'missing_command', known: Object.keys(clis) }, isQuiet(flags));
    return exit(2);
  }
  const { unknownWord } = await import('./unknown-word.ts');
  await say(unknownWord(word), isQuiet(flags));
  return exit(2);
}

/** Behind an alias there are none: the parser loads only when there is something to parse. */
async function ownOptions(own: readonly string[]): Promise<OwnOptions> {
  if (own.length === 0) return { kind: 'parsed', flags: {} };
  const { parseOwnOptions } = await import('./own-options.ts');
  return parseOwnOptions(own);
}

/** Options that cannot be read because something of ours is broken are no reason for the CLI not to run. */
async function withoutOptions(word: string | null, error: unknown): Promise<OwnOptions> {
  if (!isProviderId(word)) throw error;
  await say({ kind: 'untraced', reason: reasonOf(error) }, isQuiet({}));
  return { kind: 'parsed', flags: { disable: true } };
}

function exit(code: number): ExitStatus {
  return { code, signal: null };
}
