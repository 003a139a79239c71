/** A run of a CLI that a store is told of. */
export interface MadeUpRun {
  /** USD */
  cost: number;
  /** What it had cost at an earlier time; without it the run is a minute old. */
  before?: { cost: number; secondsAgo: number };
  /** LLM calls, and failed attempts at them. */
  answered: number;
  failed: number;
}

/** Tells a Prometheus of runs of one CLI by OTLP, as ai-trace does: from a zero on. @throws {Error} when it is refused */
export async function sendRuns(prometheus: string, runs: readonly MadeUpRun[]): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const response = await fetch(`${prometheus}/api/v1/otlp/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceMetrics: runs.map((run, index) => resourceMetrics(run, index, now)) }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
}

/** @param now Unix s */
function resourceMetrics({ cost, before, answered, failed }: MadeUpRun, index: number, now: number): object {
  const earlier = before ?? { cost: 0, secondsAgo: 60 };
  const start = now - earlier.secondsAgo - 60;
  const at = (time: number) => ({ startTimeUnixNano: `${start}000000000`, timeUnixNano: `${time}000000000` });
  const since = now - earlier.secondsAgo;
  const attempts = (count: number, errorType: string) =>
    [0, count].map((value, step) => ({
      ...at(step === 0 ? now - 60 : now),
      attributes: errorType === '' ? [] : [attribute('error.type', errorType)],
      count: String(value),
      sum: value,
      bucketCounts: [String(value), '0'],
      explicitBounds: [10],
    }));
  const sums = [
    { ...at(since), asDouble: earlier.cost },
    { ...at(now), asDouble: cost },
  ];
  return {
    resource: {
      attributes: [
        attribute('service.namespace', 'ai-trace'),
        attribute('service.name', 'codex'),
        attribute('service.instance.id', `run-${index}`),
      ],
    },
    scopeMetrics: [
      {
        metrics: [
          { name: 'ai_trace.cost', unit: 'USD', sum: { ...cumulative, isMonotonic: true, dataPoints: sums } },
          {
            name: 'ai_trace.llm.duration',
            unit: 's',
            histogram: {
              ...cumulative,
              dataPoints: [...attempts(answered, ''), ...attempts(failed, 'server')],
            },
          },
        ],
      },
    ],
  };
}

/** AGGREGATION_TEMPORALITY_CUMULATIVE */
const cumulative = { aggregationTemporality: 2 };

function attribute(key: string, value: string): object {
  return { key, value: { stringValue: value } };
}
