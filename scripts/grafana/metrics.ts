/** Names that ai-trace's metrics have in Prometheus. */
export const metrics = {
  sessions: 'ai_trace_sessions_total',
  tokens: 'ai_trace_tokens_total',
  /** USD */
  cost: 'ai_trace_cost_USD_total',
  /** Failed attempts at LLM calls. */
  errors: 'ai_trace_errors_total',
  /** A histogram of seconds. An attempt that failed has an `error_type`. */
  llm: 'ai_trace_llm_duration_seconds',
  /** A histogram of seconds. */
  tool: 'ai_trace_tool_duration_seconds',
} as const;

/** Labels of the figures of each model. */
export const byModel: readonly string[] = ['job', 'gen_ai_request_model'];

/** How the series of a metric are chosen: `label="value"`, one after the other. */
export type Matchers = readonly string[];

/**
 * PromQL: by how much each series has grown in a time window, exactly. `increase()` would guess what came before the first sample and
 * after the last, half as much again for a session of two samples, and tell nothing of a series that begins and ends at one value. It
 * guesses for counters that start anew; ours never do, for each run has series of its own, which begin with a 0.
 * @param window a duration or a variable of Grafana; what a series was before it is looked for within the day before
 */
export function gain(metric: string, matchers: Matchers, window: string): string {
  const series = `${metric}{${matchers.join(',')}}`;
  const now = `max_over_time(${series}[${window}])`;
  return `${now} - (max_over_time(${series}[1d] offset ${window}) or ${now} * 0)`;
}

/** PromQL: growth in the window, added up over all series, or for each value of some labels. */
export function total(
  metric: string,
  matchers: Matchers,
  window: string,
  by: readonly string[] = [],
): string {
  return `sum${grouped(by)} (${gain(metric, matchers, window)})`;
}

/** PromQL: a quantile of the times of a histogram. @param share 0.95 is the 95th percentile */
export function quantile(
  share: number,
  metric: string,
  matchers: Matchers,
  window: string,
  by: readonly string[] = [],
): string {
  return `histogram_quantile(${share}, ${total(`${metric}_bucket`, matchers, window, ['le', ...by])})`;
}

/**
 * PromQL: failed attempts at LLM calls as a share of all attempts. Of both those that the histogram has: of a failure that a person caused
 * no time may be known.
 */
export function failedShare(matchers: Matchers, window: string, by: readonly string[] = []): string {
  const attempts = total(`${metrics.llm}_count`, matchers, window, by);
  const answered = total(`${metrics.llm}_count`, [...matchers, 'error_type=""'], window, by);
  return `1 - (${answered} or ${attempts} * 0) / ${attempts}`;
}

function grouped(by: readonly string[]): string {
  return by.length > 0 ? ` by (${by.join(', ')})` : '';
}
