import { destinationWord } from '../../options/destination-word.ts';
import type { RunOptions } from '../../options/run-options.ts';
import type { ExportRequests, Signal } from '../../otlp/types.ts';
import type { Destination } from '../../pipeline/delivery/destination.ts';
import { FileDestination } from '../../pipeline/delivery/file-destination.ts';
import { outgoing } from '../../pipeline/delivery/outgoing.ts';
import { createTransport } from '../../pipeline/delivery/transport/create-transport.ts';
import { told } from '../../report/doctor-messages.ts';
import type { DoctorLink, Finding, LinkOf } from '../../report/doctor-report.ts';
import { counted } from '../../report/format.ts';
import { answerFinding } from './answer-finding.ts';
import { httpGet } from './http-get.ts';
import { looked, skipped } from './link.ts';
import { ProbeDestination } from './probe-destination.ts';

type Target = RunOptions['forward'][number];

/** One target of the options, and what is sent to it. */
interface Probed {
  target: Target;
  destination: ProbeDestination | FileDestination | null;
}

/** More than that and stores may refuse what comes. ms */
const skewLimitMs = 60_000;
/** A file takes it at once. ms */
const fileLimitMs = 5000;

/** All destinations of the options, each of which is to be sent the same. */
export async function openProbed({ forward }: RunOptions): Promise<Probed[]> {
  return Promise.all(
    forward.map(async (target) => {
      if (target.kind === 'none') return { target, destination: null };
      if (target.kind === 'file') return { target, destination: new FileDestination(target.path) };
      const transport = await createTransport(target, process.env);
      return { target, destination: new ProbeDestination(target.url, transport) };
    }),
  );
}

export function destinationsOf(probed: readonly Probed[]): Destination[] {
  return probed.map(({ destination }) => destination).filter((each) => each !== null);
}

/** Sends the probe's own records, behind those of the CLIs. */
export function sendProbe(probed: readonly Probed[], requests: ExportRequests): void {
  for (const destination of destinationsOf(probed)) {
    for (const signal of Object.keys(requests) as Signal[]) {
      destination.send(outgoing({ signal, request: requests[signal], records: 1, settled: () => {} }));
    }
  }
}

/** Waits until everything is answered. */
export async function destinationLink({ target, destination }: Probed): Promise<DoctorLink> {
  const name = destinationWord(target);
  const of: LinkOf = { what: 'destination', name };
  if (target.kind === 'none' || destination === null)
    return skipped('delivered', of, 'nothing is sent anywhere');
  if (destination instanceof FileDestination) {
    await destination.close(fileLimitMs);
    const { state, lastError, requests } = destination.report();
    const text = state === 'ok' ? `${name}: ${counted(requests, 'request')}` : name;
    const problem = told({ kind: 'file_unwritable', url: name, reason: lastError ?? '' });
    return looked('delivered', of, { text, problems: [state !== 'ok' && problem] });
  }
  await destination.close();
  const problems = findingsOf(destination, name);
  return looked('delivered', of, {
    text: problems.length === 0 ? `${name}: ${takenText(destination)}` : name,
    ms: destination.spentMs,
    problems,
    warnings: [target.kind === 'http' && isReached(destination) && (await skewFinding(target))],
  });
}

/** Each cause once; where only some signals are refused, which. */
function findingsOf({ answers }: ProbeDestination, url: string): Finding[] {
  const causes = new Map<string, { finding: Finding; signals: Set<Signal> }>();
  for (const { answer, signal } of answers) {
    const found = answerFinding(answer, url);
    if (found === null) continue;
    const finding = told(found);
    const cause = causes.get(finding.text) ?? { finding, signals: new Set() };
    causes.set(finding.text, { finding, signals: cause.signals.add(signal) });
  }
  const taken = new Set(answers.filter(({ answer }) => answer.kind === 'taken').map(({ signal }) => signal));
  return [...causes.values()].map(({ finding, signals }) =>
    taken.size === 0 ? finding : { ...finding, text: `${[...signals].join(', ')}: ${finding.text}` },
  );
}

function takenText({ answers }: ProbeDestination): string {
  const sum = (signal: Signal) =>
    answers.filter((each) => each.signal === signal).reduce((total, { records }) => total + records, 0);
  return `${counted(sum('logs'), 'log')}, ${counted(sum('traces'), 'span')}, ${counted(sum('metrics'), 'metric point')} taken`;
}

function isReached({ answers }: ProbeDestination): boolean {
  return answers.some(({ answer }) => answer.kind !== 'unavailable' || answer.answered);
}

/** Most collectors tell their time with every answer, also with a refusal. */
async function skewFinding(target: Extract<Target, { kind: 'http' | 'grpc' }>): Promise<Finding | null> {
  const { url, headers, tls } = target;
  const got = await httpGet(new URL(url), { headers, tls });
  if (got.kind === 'failed' || got.date === null) return null;
  const aheadMs = got.date - Date.now();
  return Math.abs(aheadMs) > skewLimitMs ? told({ kind: 'clock_skew', url, aheadMs }) : null;
}
