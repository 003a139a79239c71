import type { Collector, RunOptions } from '../options/run-options.ts';
import type { OverridePrice, PriceOverrides } from '../pricing/overrides.ts';
import { isProviderId } from '../providers/clis.ts';
import type { ProviderId } from '../providers/provider.ts';

/** Of a destination, all but its headers: no credential is written to disk. */
export type RecordedDestination =
  | { kind: 'collector'; url: string; needsHeaders: boolean }
  | { kind: 'file'; path: string };

type KeptOptions = Pick<
  RunOptions,
  'traces' | 'traceScope' | 'sampleRate' | 'content' | 'tags' | 'attribution'
>;

/**
 * What a later ai-trace needs to know of a run to finish it, should this one be killed. It stands at the
 * beginning of the run's journal, as JSON.
 */
export interface RunRecord {
  schema: 1;
  provider: ProviderId;
  runId: string;
  /** Unix ms. */
  startedAt: number;
  cwd: string;
  cliVersion: string | null;
  /** The `traceparent` that the run's own spans are below. */
  traceParent: string | null;
  /** The run whose CLI has started this one. */
  parentRunId: string | null;
  options: KeptOptions;
  destinations: RecordedDestination[];
  prices: [pattern: string, price: OverridePrice][];
}

export interface RecordedRun extends Omit<RunRecord, 'schema' | 'options' | 'destinations' | 'prices'> {
  options: RunOptions;
  overrides: PriceOverrides;
}

export function runRecord(run: RecordedRun): RunRecord {
  const { provider, runId, startedAt, cwd, cliVersion, traceParent, parentRunId, options, overrides } = run;
  const { traces, traceScope, sampleRate, content, tags, attribution } = options;
  return {
    schema: 1,
    provider,
    runId,
    startedAt,
    cwd,
    cliVersion,
    traceParent,
    parentRunId,
    options: { traces, traceScope, sampleRate, content, tags, attribution },
    destinations: options.forward.flatMap(recorded),
    prices: [...overrides],
  };
}

function recorded(destination: RunOptions['forward'][number]): RecordedDestination[] {
  if (destination.kind === 'none') return [];
  if (destination.kind === 'file') return [destination];
  return [{ kind: 'collector', url: destination.url, needsHeaders: needsHeaders(destination) }];
}

/** Can a request be delivered there by nobody but who has these credentials? */
export function needsHeaders({ headers, tls }: Collector): boolean {
  return Object.keys(headers).length > 0 || (tls?.cert ?? null) !== null;
}

/** null for what another version of ai-trace wrote in a way that is not known here. */
export function readRunRecord(value: unknown): RunRecord | null {
  const record = value as Partial<RunRecord> | null;
  return record?.schema === 1 && isProviderId(record.provider ?? null) ? (record as RunRecord) : null;
}
