import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { clis } from '../../providers/clis.ts';
import { persistentSettings } from '../../providers/persistent.ts';
import type { ConfigPlace } from '../../providers/persistent-settings.ts';
import type { Cli, ProviderId } from '../../providers/provider.ts';
import {
  type ConfigFile,
  checkText,
  configText,
  previewHint,
  skippedText,
  stillSentText,
} from '../../report/config-messages.ts';
import { ownPaths } from '../configuration.ts';
import { configuredCommands } from '../configured-commands.ts';
import { findCli } from '../find-cli.ts';
import { writeError, writeOutput } from '../output.ts';
import { listFolder, readText } from '../private-files.ts';
import { type ConfigTarget, preview, undoConfig, writeConfig } from './apply.ts';
import { checkConfig, isInForce } from './check.ts';
import { diffText } from './diff.ts';
import { editorFor } from './editor.ts';
import { Records } from './record.ts';

export type ConfigMode = 'diff' | 'print' | 'write' | 'check' | 'undo';

export interface ConfigArgs {
  ids: readonly ProviderId[];
  mode: ConfigMode;
  /** Leave out what is neither installed nor has settings. */
  onlyPresent: boolean;
  /** undefined: the one that was written last, or Alloy on this machine. */
  endpoint: string | undefined;
  force: boolean;
}

/** Alloy on this machine, by HTTP. */
const alloy = 'http://127.0.0.1:4318';

/** One file after the other; what is refused for one says nothing about the others. Returns the exit code. */
export async function config({ ids, mode, onlyPresent, endpoint, force }: ConfigArgs): Promise<0 | 1> {
  const { env, platform } = process;
  const place = { env, platform, home: homedir(), cwd: process.cwd(), readFile: readText, listFolder };
  const records = new Records(ownPaths().recordsDir);
  let isFine = true;
  for (const id of ids) {
    const persistent = persistentSettings[id];
    const target = { id, persistent, file: persistent.file(place) };
    if (onlyPresent && mode !== 'print' && !(await isPresent(clis[id], target))) {
      writeError(`${skippedText(clis[id].title)}\n`);
      continue;
    }
    const known = mode === 'check' ? records.find(id, target.file)?.endpoint : undefined;
    const isDone = await steps[mode]({ target, endpoint: endpoint ?? known ?? alloy, force, records, place });
    isFine &&= isDone;
  }
  return isFine ? 0 : 1;
}

interface Step {
  target: ConfigTarget;
  endpoint: string;
  force: boolean;
  records: Records;
  place: ConfigPlace;
}

const steps: Readonly<Record<ConfigMode, (step: Step) => Promise<boolean>>> = {
  async diff({ target, endpoint, force, records }) {
    const seen = await preview(target, endpoint, force, records);
    const plan = 'plan' in seen ? seen.plan : seen;
    if (plan.kind === 'already') return tell(target, { kind: 'already', endpoint });
    if (plan.kind !== 'write') return tell(target, plan);
    const before = 'before' in seen ? seen.before : undefined;
    writeOutput(diffText(target.file, before, plan.text, isColored()));
    writeError(`${stillSentText(target.persistent.stillSent)}\n${previewHint}\n`);
    return true;
  },

  async print({ target, endpoint }) {
    writeOutput(editorFor(target.persistent.snippet(endpoint)).print());
    return true;
  },

  async write({ target, endpoint, force, records }) {
    return tell(target, await writeConfig(target, endpoint, force, records));
  },

  async check({ target, endpoint, place }) {
    const check = await checkConfig(target, endpoint, place);
    writeOutput(`${checkText(named(target), check)}\n`);
    return isInForce(check);
  },

  async undo({ target, force, records }) {
    return tell(target, await undoConfig(target, force, records));
  },
};

/** What was done goes to stdout, what was not to stderr. */
function tell(target: ConfigTarget, result: Parameters<typeof configText>[1]): boolean {
  const isDone = ['already', 'written', 'undone', 'gone', 'nothing_to_undo'].includes(result.kind);
  const write = isDone ? writeOutput : writeError;
  write(`${configText(named(target), result)}\n`);
  return isDone;
}

function named({ id, file }: ConfigTarget): ConfigFile {
  return { id, title: clis[id].title, file };
}

async function isPresent(cli: Cli, { file }: ConfigTarget): Promise<boolean> {
  return existsSync(dirname(file)) || findCli(cli, await configuredCommands()).ok;
}

/** https://no-color.org: set and not empty. */
function isColored(): boolean {
  return process.stdout.isTTY === true && !process.env['NO_COLOR'];
}
