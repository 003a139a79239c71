import { attributeKey, text } from '../../otlp/attributes.ts';
import { toNumber } from '../../otlp/int64.ts';
import type { Metric, NumberDataPoint } from '../../otlp/types.ts';
import type { UsageTotalEvent } from '../../session/event.ts';

/**
 * The totals of money and tokens that Claude reports as metrics, by model and source of the query
 * (facts/claude.md §5.3, §7).
 */
export function usageTotals({ name, sum }: Metric): UsageTotalEvent[] {
  const isCost = name === 'claude_code.cost.usage';
  if (!sum || (!isCost && name !== 'claude_code.token.usage')) return [];
  const mode = sum.aggregationTemporality === delta ? 'add' : 'set';
  return sum.dataPoints.flatMap((point) => usageTotal(point, isCost, mode) ?? []);
}

/** AggregationTemporality (opentelemetry-proto, metrics.proto). */
const delta = 1;

function usageTotal(point: NumberDataPoint, usd: boolean, mode: 'add' | 'set'): UsageTotalEvent | undefined {
  const { attributes } = point;
  const sessionId = text(attributes, 'session.id');
  const measure = usd ? 'usd' : measures[text(attributes, 'type') ?? ''];
  const value = point.asDouble ?? (point.asInt === undefined ? undefined : toNumber(point.asInt));
  if (sessionId === undefined || measure === undefined || value === undefined) return undefined;
  const source = text(attributes, 'query_source');
  return {
    kind: 'usage_total',
    sessionId,
    model: text(attributes, 'model') ?? 'unknown',
    role: source === 'subagent' ? 'subagent' : source === 'auxiliary' ? 'utility' : 'main',
    measure,
    value,
    mode,
    series:
      mode === 'add' ? attributeKey(attributes) : `${attributeKey(attributes)}@${point.startTimeUnixNano}`,
  };
}

const measures: Readonly<Record<string, UsageTotalEvent['measure']>> = {
  input: 'input',
  output: 'output',
  cacheRead: 'cache_read',
  cacheCreation: 'cache_write',
};
