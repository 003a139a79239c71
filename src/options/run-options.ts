import type { Pairs } from './pairs.ts';
import type { Settings } from './table.ts';

/** Where telemetry goes, with all that is needed to send it there. `url` has no slash at its end. */
export type Destination =
  | { kind: 'http'; url: string; headers: Pairs }
  | { kind: 'file'; path: string }
  | { kind: 'none' };

/** The options of one run, from all sources. Paths are absolute. */
export interface RunOptions extends Omit<Settings, 'forward' | 'forwardHeaders'> {
  /** At least one; `none` stands alone. */
  forward: readonly Destination[];
  /** A configured program per provider: a path, or a name on PATH. */
  commands: Pairs;
  /** Newer list prices may be fetched in the background, once a day. */
  priceUpdates: boolean;
}
