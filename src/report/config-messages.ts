import { plain } from './format.ts';

/** Texts of `ai-trace config`: what was done to a CLI's own file, what was not, and why. */

/** Why nothing was written. */
export type ConfigRefusal =
  | { kind: 'unparsable'; line: number; reason: string }
  | { kind: 'not_utf8' }
  | { kind: 'foreign'; keys: readonly string[] }
  | { kind: 'changed'; keys: readonly string[] }
  | { kind: 'read_only' }
  | { kind: 'busy' }
  | { kind: 'unsafe' }
  | { kind: 'failed'; reason: string };

export type ConfigResult =
  | ConfigRefusal
  | { kind: 'already'; endpoint: string }
  /** `backup`: a file that was there before. */
  | {
      kind: 'written';
      endpoint: string;
      replaced: readonly string[];
      backup: string | null;
      stillSent: readonly StillSent[];
    }
  | { kind: 'undone'; how: 'restored' | 'taken_out' | 'removed' }
  | { kind: 'gone'; backup: string }
  | { kind: 'nothing_to_undo' };

export type ConfigCheck =
  | Extract<ConfigRefusal, { kind: 'unparsable' | 'not_utf8' | 'failed' }>
  | { kind: 'no_file' }
  | {
      kind: 'checked';
      endpoint: string;
      /** Where the file sends to now; null for nowhere. */
      elsewhere: string | null;
      differences: readonly string[];
      overrides: readonly ConfigOverride[];
    };

export interface ConfigOverride {
  layer: 'managed' | 'project' | 'environment';
  file?: string;
  keys: readonly string[];
}

/** Which CLI, and which file of it. */
export interface ConfigFile {
  /** As `--provider` takes it. */
  id: string;
  title: string;
  file: string;
}

export function configText({ id, title, file }: ConfigFile, result: ConfigResult): string {
  const path = plain(file);
  switch (result.kind) {
    case 'already':
      return `${title}: ${path} exports to ${result.endpoint} already.`;
    case 'written':
      return `${writtenText(title, path, result)}\nTake it out again with: ai-trace config --provider ${id} --undo`;
    case 'undone':
      return undoneText(title, path, result.how);
    case 'gone':
      return `${title}: nothing of ai-trace is left in ${path}. The text before it wrote is in ${plain(result.backup)}.`;
    case 'nothing_to_undo':
      return `${title}: nothing to undo in ${path}.`;
    default:
      return `ai-trace: ${title}: ${refusalText(path, result)}\nNothing was changed.`;
  }
}

function writtenText(
  title: string,
  path: string,
  { endpoint, replaced, backup, stillSent }: Extract<ConfigResult, { kind: 'written' }>,
): string {
  const lines = [
    `${title}: ${path} now exports to ${endpoint}, with content switched off.`,
    replaced.length > 0 && `Out of force: ${list(replaced)}.`,
    stillSentText(stillSent),
    backup !== null && `The text before is in ${plain(backup)}.`,
  ];
  return lines.filter((line) => line !== false).join('\n');
}

/** What no setting of the CLI keeps back. */
export function stillSentText(stillSent: readonly StillSent[]): string {
  const what = stillSent.map((each) => stillSentTexts[each]).join('; ');
  return `Sent all the same: ${what}. Only a run by ai-trace takes it out.`;
}

const stillSentTexts = {
  tool_arguments: 'the arguments of tools, file contents among them',
  command_line: 'its command line, also a prompt given with -p',
  instructions: 'its system instructions, your GEMINI.md among them',
  account: 'your e-mail address where you are logged in with an account',
} as const;

export type StillSent = keyof typeof stillSentTexts;

function undoneText(title: string, path: string, how: 'restored' | 'taken_out' | 'removed'): string {
  switch (how) {
    case 'restored':
      return `${title}: ${path} is to the byte what it was.`;
    case 'taken_out':
      return `${title}: what ai-trace wrote into ${path} is out again; your changes since then stay.`;
    case 'removed':
      return `${title}: ${path} is removed; it was not there before.`;
  }
}

function refusalText(path: string, refusal: ConfigRefusal): string {
  switch (refusal.kind) {
    case 'unparsable':
      return `${path} cannot be read, line ${refusal.line}: ${plain(refusal.reason)}. Mend it first.`;
    case 'not_utf8':
      return `${path} is not UTF-8 text. Save it as UTF-8 first.`;
    case 'foreign':
      return `${path} has telemetry settings of its own: ${list(refusal.keys)}. With --force they are put out of force, and --undo brings them back.`;
    case 'changed':
      return `${list(refusal.keys)} in ${path} was changed since ai-trace wrote it. Take it out by hand, or use --force.`;
    case 'read_only':
      return `${path} is read-only. Another program may make it; if not: chmod u+w ${path}`;
    case 'busy':
      return `${path} was changed by another program just now. Try again.`;
    case 'unsafe':
      return `${path} cannot be edited without changing something else in it. Edit it by hand; --print shows what ai-trace writes.`;
    case 'failed':
      return `${path}: ${plain(refusal.reason)}.`;
  }
}

export function checkText({ id, title, file }: ConfigFile, check: ConfigCheck): string {
  const path = plain(file);
  switch (check.kind) {
    case 'no_file':
      return `${title}: no telemetry: there is no ${path}. Write it with: ai-trace config --provider ${id} --write`;
    case 'checked':
      return [`${title}: ${stateText(path, check)}`, ...check.overrides.map(overrideText)].join('\n');
    default:
      return `${title}: ${refusalText(path, check)}`;
  }
}

function stateText(path: string, check: Extract<ConfigCheck, { kind: 'checked' }>): string {
  const { endpoint, elsewhere, differences } = check;
  if (differences.length === 0) {
    const but = check.overrides.length > 0 ? ', but that is not what counts:' : '.';
    return `${path} exports to ${endpoint}, with content switched off${but}`;
  }
  if (elsewhere === null) return `${path} does not export telemetry.`;
  const where = elsewhere === endpoint ? '' : ` (it names ${plain(elsewhere)})`;
  return `${path} does not export to ${endpoint} with content switched off${where}; missing or different: ${list(differences)}.`;
}

function overrideText({ layer, file, keys }: ConfigOverride): string {
  const what = list(keys);
  if (layer === 'managed')
    return `  ${plain(file ?? '')} is managed and wins: ${what}. Ask who administers this machine.`;
  if (layer === 'project') return `  ${plain(file ?? '')} wins in this folder: ${what}.`;
  if (file === undefined) return `  the environment wins: ${what}. Unset it where your shell sets it.`;
  return `  ${plain(file)} wins: ${what}. Take it out there.`;
}

/** Five are enough to know what is meant. */
function list(keys: readonly string[]): string {
  const named = keys.slice(0, 5).map((key) => plain(key, 60));
  return named.join(', ') + (keys.length > named.length ? ` and ${keys.length - named.length} more` : '');
}

export function skippedText(title: string): string {
  return `${title}: skipped, it is not installed and has no settings here.`;
}

export const previewHint = 'Nothing is written yet. Write it with --write.';

/** Words that say nothing that could be done. */
export type ConfigMisuse =
  | { kind: 'no_provider' }
  | { kind: 'several_modes'; modes: readonly string[] }
  | { kind: 'bad_endpoint'; value: string; reason: string };

export function misuseText(misuse: ConfigMisuse): string {
  switch (misuse.kind) {
    case 'no_provider':
      return 'ai-trace: which CLI? Say --provider NAME, or --all.\nTry: ai-trace config --help';
    case 'several_modes':
      return `ai-trace: ${misuse.modes.map((mode) => `--${mode}`).join(' and ')} do not go together.\nTry: ai-trace config --help`;
    case 'bad_endpoint':
      return `ai-trace: --endpoint '${plain(misuse.value, 80)}' is not valid: ${misuse.reason}`;
  }
}
