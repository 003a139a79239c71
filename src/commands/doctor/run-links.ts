import { exitCodeOf } from '../../launcher/exit-status.ts';
import { Redactor } from '../../pipeline/redact.ts';
import type { Cli } from '../../providers/provider.ts';
import { told, toldNotice } from '../../report/doctor-messages.ts';
import type { DoctorLink, Finding, LinkOf } from '../../report/doctor-report.ts';
import { counted } from '../../report/format.ts';
import { type CliRun, cliLimitMs } from './cli-run.ts';
import { looked, skipped } from './link.ts';

export interface StartedCli {
  provider: Cli;
  file: string;
  version: string | null;
  /** Settings that are out of force in a run. */
  setAside: readonly Finding[];
}

/** What the run of a CLI tells of its links. */
export function runLinks(run: CliRun, of: LinkOf, cli: StartedCli): DoctorLink[] {
  const started = startedLink(run, of, cli);
  const isSilent = recordsOf(run) === 0;
  if (isSilent && started.state === 'broken') {
    const links = ['received', 'understood'] as const;
    return [started, ...links.map((link) => skipped(link, of, 'nothing came, see above'))];
  }
  if (isSilent) {
    const problems = [told({ kind: 'nothing_received', title: cli.provider.title })];
    const received = looked('received', of, { text: 'nothing', ms: run.endedMs, problems });
    return [started, received, skipped('understood', of, 'nothing came')];
  }
  return [started, receivedLink(run, of, cli), understoodLink(run, of, cli)];
}

function startedLink(run: CliRun, of: LinkOf, { provider, file, setAside }: StartedCli): DoctorLink {
  const { askedMs, endedMs, conflicts } = run;
  return looked('started', of, {
    text: askedMs === null ? 'never asked its model' : 'asked its model, which refused at no cost',
    ms: askedMs ?? endedMs,
    problems: [endFinding(run, provider, file), ...conflicts.map(toldNotice)],
    warnings: setAside,
  });
}

/** Why it did not come so far as to ask its model. */
function endFinding({ end, askedMs }: CliRun, { title }: Cli, file: string): Finding | null {
  if (end.kind === 'not_started') return told({ kind: 'cli_not_started', file, reason: end.reason });
  if (askedMs !== null) return null;
  if (end.kind === 'timeout') return told({ kind: 'cli_timeout', title, limitMs: cliLimitMs });
  const { signal } = end.status;
  const how = signal ?? `exit code ${exitCodeOf(end.status)}`;
  return told({ kind: 'cli_failed', title, how, said: withoutSecrets(lastWords(end.said)) });
}

function receivedLink(run: CliRun, of: LinkOf, { provider }: StartedCli): DoctorLink {
  const { logs, spans, metricPoints } = run.received;
  const missing = [logs === 0 && 'logs', spans === 0 && 'spans', metricPoints === 0 && 'metrics'];
  const signals = missing.filter((each) => each !== false);
  const isExplained = run.conflicts.length > 0;
  return looked('received', of, {
    text: recordsText(run.received),
    ms: run.receivedMs,
    warnings: [
      signals.length > 0 && !isExplained && told({ kind: 'signals_missing', title: provider.title, signals }),
    ],
  });
}

function understoodLink({ understood }: CliRun, of: LinkOf, { provider, version }: StartedCli): DoctorLink {
  const { sessionId, prompts, failures, tookMs } = understood;
  const isUnknown = sessionId === null || prompts + failures === 0;
  return looked('understood', of, {
    text: isUnknown
      ? 'no prompt and no failed call'
      : `${counted(prompts, 'prompt')}, ${counted(failures, 'failed call')}`,
    ms: tookMs,
    problems: [isUnknown && told({ kind: 'not_understood', title: provider.title, version })],
  });
}

export function recordsText(received: { logs: number; spans: number; metricPoints: number }): string {
  const { logs, spans, metricPoints } = received;
  const counts = [counted(logs, 'log'), counted(spans, 'span'), counted(metricPoints, 'metric point')];
  return counts.join(', ');
}

function recordsOf({ received: { logs, spans, metricPoints, undecodable } }: CliRun): number {
  return logs + spans + metricPoints + undecodable;
}

/** From the last line on that speaks of an error, or the last line: what is wrong stands at the end. */
function lastWords(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /\w/.test(line));
  const error = lines.findLastIndex((line) => /error/i.test(line));
  return lines.slice(error).join(' ');
}

/** A CLI that complains of its configuration may cite it. */
function withoutSecrets(text: string): string {
  return new Redactor().redact(text).replace(/\/\/[^/\s@]+@/g, '//…@');
}
