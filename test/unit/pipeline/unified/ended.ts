import type { Ended } from '../../../../src/pipeline/unified/session-span.ts';
import type { Session } from '../../../../src/session/session.ts';
import { totalsOf } from '../../../../src/session/totals.ts';

/** A run from 500 to 9000 ms that ended well, to be changed where a test cares. */
export function ended(session: Session, change: Partial<Ended> = {}): Ended {
  return {
    startedAt: 500,
    endedAt: 9000,
    exit: { code: 0, signal: null },
    totals: totalsOf(session),
    ...change,
  };
}
