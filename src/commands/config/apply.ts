import { errorCode } from '../../files/error-code.ts';
import type { PersistentSettings } from '../../providers/persistent-settings.ts';
import type { ProviderId } from '../../providers/provider.ts';
import type { ConfigRefusal, ConfigResult } from '../../report/config-messages.ts';
import { missingFolders, type ReadConfig, readConfig, removeFolders, replaceConfig } from './config-file.ts';
import { planUndo, planWrite, type Situation, type WritePlan } from './plan.ts';
import { hashOf, type Records, type WriteRecord } from './record.ts';

/** One CLI's file on this machine. */
export interface ConfigTarget {
  id: ProviderId;
  persistent: PersistentSettings;
  file: string;
}

export interface Preview {
  /** undefined: there is no file. */
  before: string | undefined;
  plan: WritePlan;
}

/** What `--write` would do. */
export async function preview(
  { id, persistent, file }: ConfigTarget,
  endpoint: string,
  force: boolean,
  records: Records,
): Promise<Preview | ConfigRefusal> {
  const read = await readConfig(file);
  if (isRefusal(read)) return read;
  const situation = situationOf({ id, persistent, file }, read, force, records);
  return { before: situation.text, plan: planWrite(situation, endpoint) };
}

export async function writeConfig(
  target: ConfigTarget,
  endpoint: string,
  force: boolean,
  records: Records,
): Promise<ConfigResult> {
  const { id, file } = target;
  const seen = await preview(target, endpoint, force, records);
  if (!('plan' in seen)) return seen;
  const { before, plan } = seen;
  if (plan.kind === 'already') return { kind: 'already', endpoint };
  if (plan.kind !== 'write') return plan;

  const previous = records.find(id, file);
  const previousText = records.original(id, file) ?? '';
  const record: WriteRecord = {
    schema: 1,
    provider: id,
    file,
    endpoint,
    existed: before !== undefined && (previous?.existed ?? true),
    madeFolders: [...(previous?.madeFolders ?? []), ...missingFolders(file)],
    forced: plan.replaced.length > 0,
    written: hashOf(plan.text),
    memory: plan.memory,
  };
  try {
    await records.keep(record, plan.before);
  } catch (error) {
    return { kind: 'failed', reason: errorCode(error) };
  }
  const replaced = await replaceConfig(file, before, plan.text);
  if (replaced.kind === 'done') {
    return {
      kind: 'written',
      endpoint,
      replaced: plan.replaced,
      backup: record.existed ? records.backupFile(id, file) : null,
      stillSent: target.persistent.stillSent,
    };
  }
  if (previous === null) records.drop(id, file);
  else await records.keep(previous, previousText);
  return replaced;
}

export async function undoConfig(
  target: ConfigTarget,
  force: boolean,
  records: Records,
): Promise<ConfigResult> {
  const { id, file } = target;
  const read = await readConfig(file);
  if (isRefusal(read)) return read;
  const situation = situationOf(target, read, force, records);
  const { record } = situation;
  const plan = planUndo(situation);
  if (plan.kind === 'nothing') {
    // Somebody has taken out ours, and with it perhaps the place of what was theirs.
    const keepsBackup = record?.forced === true;
    records.drop(id, file, { keepsBackup });
    return keepsBackup ? { kind: 'gone', backup: records.backupFile(id, file) } : { kind: 'nothing_to_undo' };
  }
  if (plan.kind !== 'undo') return plan;
  const replaced = await replaceConfig(file, situation.text, plan.text);
  if (replaced.kind !== 'done') return replaced;
  if (plan.text === undefined) await removeFolders(record?.madeFolders ?? []);
  records.drop(id, file);
  return {
    kind: 'undone',
    how: plan.text === undefined ? 'removed' : plan.isExact ? 'restored' : 'taken_out',
  };
}

function situationOf(
  { id, persistent, file }: ConfigTarget,
  read: Extract<ReadConfig, { kind: 'text' | 'absent' }>,
  force: boolean,
  records: Records,
): Situation {
  return {
    persistent,
    text: read.kind === 'text' ? read.text : undefined,
    record: records.find(id, file),
    original: records.original(id, file),
    force,
  };
}

function isRefusal(read: ReadConfig): read is Extract<ReadConfig, { kind: 'not_utf8' | 'failed' }> {
  return read.kind !== 'text' && read.kind !== 'absent';
}
