import type { FilePaths } from '../../files/paths.ts';
import { secretHeader } from '../../pipeline/listener/request-target.ts';
import type { ConfigPlace } from '../../providers/persistent-settings.ts';
import type { FixedModel } from '../../providers/probe.ts';
import type { Cli, InjectionConflict } from '../../providers/provider.ts';
import { told, toldNotice } from '../../report/doctor-messages.ts';
import type { DoctorLink, LinkOf } from '../../report/doctor-report.ts';
import type { Receipt } from '../../report/receipt.ts';
import { lastSession } from './last-session.ts';
import { looked, skipped } from './link.ts';
import { recordsText } from './run-links.ts';

interface Unstarted {
  provider: Cli;
  place: ConfigPlace;
  paths: FilePaths;
}

/** The links of a CLI that must not be started, for it could ask a real model: its last session stands for it. */
export async function earlierLinks(
  { provider, place, paths }: Unstarted,
  of: LinkOf,
  fixed: readonly FixedModel[],
): Promise<DoctorLink[]> {
  const reasons = fixed.map(({ file, keys }) => `${file} fixes ${keys.join(', ')}`);
  const text = `not started, for it could ask a real model: ${reasons.join('; ')}`;
  const conflicts = await conflictsOf(provider, place);
  const started =
    conflicts.length === 0
      ? skipped('started', of, text)
      : looked('started', of, { text, problems: conflicts.map(toldNotice) });
  const receipt = lastSession(paths, provider.id);
  if (receipt === null) {
    const none = told({ kind: 'no_last_session' }).text;
    return [started, skipped('received', of, none), skipped('understood', of, none)];
  }
  return [started, ...receiptLinks(receipt, of, provider)];
}

function receiptLinks(receipt: Receipt, of: LinkOf, { title }: Cli): DoctorLink[] {
  const { received } = receipt.telemetry;
  const counts = { ...received, metricPoints: received.metric_points };
  const before = `the last session (${receipt.ended_at.slice(0, 16).replace('T', ' ')} UTC): `;
  const isEmpty = counts.logs + counts.spans + counts.metricPoints === 0;
  const problems = [isEmpty && told({ kind: 'nothing_received', title })];
  const [sessionId] = receipt.session_ids;
  return [
    looked('received', of, { text: `${before}${recordsText(counts)}`, problems }),
    sessionId === undefined
      ? skipped('understood', of, `${before}nothing`)
      : looked('understood', of, { text: `${before}session ${sessionId}` }),
  ];
}

/** What a run would have told of the user's settings. Nothing listens and nothing is written for it. */
async function conflictsOf(provider: Cli, place: ConfigPlace): Promise<InjectionConflict[]> {
  const nowhere = 'http://127.0.0.1:9';
  const { conflicts } = await provider.inject({
    ...place,
    endpoint: nowhere,
    origin: nowhere,
    secretHeader: { name: secretHeader, value: '' },
    grpcEndpoint: async () => nowhere,
    args: [],
    content: false,
    writePrivate: (name) => name,
  });
  return conflicts;
}
