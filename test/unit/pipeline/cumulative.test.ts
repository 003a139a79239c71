import { describe, expect, test } from 'vitest';
import { dataPointsOf, lastTimeOf } from '../../../src/otlp/data-points.ts';
import { Long } from '../../../src/otlp/long.ts';
import { packDoubles } from '../../../src/otlp/packed-numbers.ts';
import type { HistogramDataPoint, Metric } from '../../../src/otlp/types.ts';
import { CumulativeMetrics } from '../../../src/pipeline/cumulative.ts';
import { pointsOf } from '../../support/metric-points.ts';
import { list } from '../providers/records.ts';
import { plain } from './plain.ts';
import { bucketsOf, cumulative, delta, histogramOf, measured, number, sumOf } from './points.ts';

/** What becomes of the metrics of one run, in the order they come. */
function converted(...metrics: Metric[]): Metric[] {
  const state = new CumulativeMetrics();
  for (const metric of metrics) {
    state.at(lastTimeOf([metric]))(metric, { name: 'scope', attributes: [] });
  }
  return metrics;
}

/** [value, time, start] of each point, ms. */
function told(metric: Metric) {
  return pointsOf(metric).map(({ value, time, start }) => [value, time / 1e6, start / 1e6]);
}

describe('a delta sum', () => {
  test('becomes a running total with a 0 before it and one start time', () => {
    const [first, second] = converted(
      sumOf(delta, number({ asInt: 3 }, { start: 1000, at: 2000 })),
      sumOf(delta, number({ asInt: 4 }, { start: 2000, at: 3000 })),
    ) as [Metric, Metric];
    expect(told(first)).toEqual([
      [0, 1999, 1000],
      [3, 2000, 1000],
    ]);
    expect(told(second)).toEqual([[7, 3000, 1000]]);
    expect([first, second].map(({ sum }) => sum?.aggregationTemporality)).toEqual([cumulative, cumulative]);
  });

  test('of integers is exact beyond 2^53, of doubles a double', () => {
    const big = Long.fromString('9007199254740993');
    const [, ints, doubles] = converted(
      sumOf(delta, number({ asInt: big }, { at: 2000 })),
      sumOf(delta, number({ asInt: 1 }, { at: 3000 })),
      sumOf(delta, number({ asDouble: 0.5 }, { at: 2000, labels: { a: 'b' } })),
    );
    expect(String(ints?.sum?.dataPoints[0]?.asInt)).toBe('9007199254740994');
    expect(doubles?.sum?.dataPoints.map(({ asInt, asDouble }) => [asInt, asDouble])).toEqual([
      [undefined, 0],
      [undefined, 0.5],
    ]);
  });

  test('in which an integer and a double meet becomes a double, never both', () => {
    const [, metric] = converted(
      sumOf(delta, number({ asDouble: 0.5 }, { at: 2000 })),
      sumOf(delta, number({ asInt: 2 }, { at: 3000 })),
    );
    const [point] = metric?.sum?.dataPoints ?? [];
    expect([point?.asDouble, point && 'asInt' in point]).toEqual([2.5, false]);
  });

  test('keeps each set of labels, each metric and each scope apart', () => {
    const state = new CumulativeMetrics();
    const count = (metric: Metric, scope: string) => {
      state.at(lastTimeOf([metric]))(metric, { name: scope, attributes: [] });
      return pointsOf(metric).at(-1)?.value;
    };
    const one = (labels: Record<string, string> = {}) =>
      sumOf(delta, number({ asInt: 1 }, { at: 2000, labels }));
    expect(count(one(), 'a')).toBe(1);
    expect(count(one(), 'b')).toBe(1);
    expect(count({ ...one(), name: 'y' }, 'a')).toBe(1);
    expect(count(one({ model: 'm' }), 'a')).toBe(1);
    expect(count(one(), 'a')).toBe(2);
  });

  test.each([{}, { start: 0 }])('without a start time starts with its 0 %#', (start) => {
    const [metric] = converted(sumOf(delta, number({ asInt: 3 }, { ...start, at: 2000 }))) as [Metric];
    expect(told(metric)).toEqual([
      [0, 1999, 1999],
      [3, 2000, 1999],
    ]);
  });

  test('never starts after its 0', () => {
    const [metric] = converted(sumOf(delta, number({ asInt: 3 }, { start: 2000, at: 2000 }))) as [Metric];
    expect(told(metric)).toEqual([
      [0, 1999, 1999],
      [3, 2000, 1999],
    ]);
  });

  test('that may fall gets no 0: its first value is no increase', () => {
    const metric = (value: number, at: number): Metric => ({
      name: 'x',
      sum: { aggregationTemporality: delta, dataPoints: [number({ asInt: value }, { start: 1000, at })] },
    });
    const [first, second] = converted(metric(3, 2000), metric(-2, 3000)) as [Metric, Metric];
    expect([...told(first), ...told(second)]).toEqual([
      [3, 2000, 1000],
      [1, 3000, 1000],
    ]);
  });
});

describe('a cumulative sum', () => {
  test('gets a 0 before its first point and is left as it is', () => {
    const [first, second] = converted(
      sumOf(cumulative, number({ asInt: 3 }, { start: 1000, at: 2000 })),
      sumOf(cumulative, number({ asInt: 7 }, { start: 1000, at: 3000 })),
    ) as [Metric, Metric];
    expect([...told(first), ...told(second)]).toEqual([
      [0, 1999, 1000],
      [3, 2000, 1000],
      [7, 3000, 1000],
    ]);
  });

  test('that began anew goes on where the last one stood', () => {
    const [, second] = converted(
      sumOf(cumulative, number({ asInt: 7 }, { start: 1000, at: 2000 })),
      sumOf(cumulative, number({ asInt: 2 }, { start: 2500, at: 3000 })),
    ) as [Metric, Metric];
    expect(told(second)).toEqual([[9, 3000, 1000]]);
  });

  test('of which only the end is told says nothing', () => {
    const [metric] = converted(sumOf(cumulative, number({}, { start: 1000, at: 2000, flags: 1 }))) as [
      Metric,
    ];
    expect(told(metric)).toEqual([]);
  });
});

describe('ids', () => {
  const ids = {
    'session.id': 's',
    'user.id': 'u',
    'installation.id': 'i',
    'conversation.id': 'c',
    'turn.id': 't',
    'prompt.id': 'p',
    prompt_id: 'p',
    'ai_trace.run.id': 'r',
  };

  test('and content are taken off the points of metrics of each kind', () => {
    const labels = { ...ids, prompt: 'my secret plan', model: 'm' };
    const attributes = () => list(labels);
    const metrics = converted(
      sumOf(delta, number({ asInt: 1 }, { at: 2000, labels })),
      histogramOf(delta, measured({ count: 1, bucketCounts: [1, 0, 0] }, { at: 2000, labels })),
      { name: 'g', gauge: { dataPoints: [number({ asInt: 1 }, { at: 2000, labels })] } },
      { name: 's', summary: { dataPoints: [{ attributes: attributes(), quantileValues: [] }] } },
      {
        name: 'e',
        exponentialHistogram: {
          aggregationTemporality: delta,
          dataPoints: [{ attributes: attributes(), exemplars: [], count: 1, scale: 0, zeroCount: 1 }],
        },
      },
    );
    const labelsOf = (metric: Metric) => dataPointsOf(metric).map((point) => plain(point.attributes));
    const kept = metrics.flatMap(labelsOf);
    expect(kept).toHaveLength(8);
    expect(kept.filter(({ model, ...others }) => model !== 'm' || Object.keys(others).length > 0)).toEqual(
      [],
    );
  });

  test('stay off when they hide in the source of a Codex thread', () => {
    const sources = ['cli', 'subagent_thread_spawn_01a1fd68-3eee-7691-8bc5-d8665cb523a3_d1'];
    const [metric] = converted(
      sumOf(
        delta,
        ...sources.map((source) => number({ asInt: 1 }, { at: 2000, labels: { session_source: source } })),
      ),
    );
    const labels = metric?.sum?.dataPoints.map(({ attributes }) => plain(attributes));
    expect(labels).toEqual([{ session_source: 'cli' }, { session_source: 'cli' }, {}, {}]);
  });

  test('gone, deltas that fall together are added up in one point', () => {
    const [metric] = converted(
      sumOf(
        delta,
        number({ asInt: 3 }, { start: 1000, at: 2000, labels: { 'session.id': 'a' } }),
        number({ asInt: 4 }, { start: 1500, at: 2001, labels: { 'session.id': 'b' } }),
      ),
    ) as [Metric];
    expect(told(metric)).toEqual([
      [0, 2000, 1000],
      [7, 2001, 1000],
    ]);
  });

  test('gone, cumulative series that fall together are added up, each with its last value', () => {
    const of = (session: string, value: number, at: number) =>
      number({ asInt: value }, { start: 1000, at, labels: { 'session.id': session } });
    const [first, second, third] = converted(
      sumOf(cumulative, of('a', 3, 2000)),
      sumOf(cumulative, of('a', 3, 3000), of('b', 1, 3000)),
      sumOf(cumulative, of('b', 5, 4000)),
    ) as [Metric, Metric, Metric];
    expect([...told(first), ...told(second), ...told(third)]).toEqual([
      [0, 1999, 1000],
      [3, 2000, 1000],
      [4, 3000, 1000],
      [8, 4000, 1000],
    ]);
  });

  test('gone, the exemplars of points that fall together are kept', () => {
    const exemplar = (value: number) => ({ filteredAttributes: [], asInt: value });
    const [metric] = converted(
      sumOf(
        delta,
        number({ asInt: 3 }, { at: 2000, labels: { 'session.id': 'a' }, exemplars: [exemplar(3)] }),
        number({ asInt: 4 }, { at: 2000, labels: { 'session.id': 'b' }, exemplars: [exemplar(4)] }),
      ),
    );
    expect(metric?.sum?.dataPoints.map(({ exemplars }) => exemplars)).toEqual([
      [],
      [exemplar(3), exemplar(4)],
    ]);
  });
});

describe('a histogram', () => {
  const parts = (point: HistogramDataPoint) => ({
    count: Number(point.count),
    sum: point.sum,
    buckets: bucketsOf(point),
    min: point.min,
    max: point.max,
  });

  test('of deltas becomes a running total with an empty one before it', () => {
    const [first, second] = converted(
      histogramOf(
        delta,
        measured({ count: 2, sum: 55, bucketCounts: [1, 1, 0], min: 5, max: 50 }, { start: 1000, at: 2000 }),
      ),
      histogramOf(
        delta,
        measured(
          { count: 1, sum: 300, bucketCounts: [0, 0, 1], min: 300, max: 300 },
          { start: 2000, at: 3000 },
        ),
      ),
    );
    expect(first?.histogram?.dataPoints.map(parts)).toEqual([
      { count: 0, sum: 0, buckets: [0, 0, 0], min: undefined, max: undefined },
      { count: 2, sum: 55, buckets: [1, 1, 0], min: 5, max: 50 },
    ]);
    expect(second?.histogram?.dataPoints.map(parts)).toEqual([
      { count: 3, sum: 355, buckets: [1, 1, 1], min: 5, max: 300 },
    ]);
    expect(second?.histogram?.dataPoints[0]).toMatchObject({ explicitBounds: packDoubles([10, 100]) });
    expect(second?.histogram?.dataPoints[0]?.startTimeUnixNano?.toString()).toBe('1000000000');
  });

  test('that counted nothing leaves the least and the greatest value as they are', () => {
    const [, second] = converted(
      histogramOf(
        delta,
        measured({ count: 1, sum: 5, bucketCounts: [1, 0, 0], min: 5, max: 5 }, { at: 2000 }),
      ),
      histogramOf(
        delta,
        measured({ count: 0, sum: 0, bucketCounts: [0, 0, 0], min: 0, max: 0 }, { at: 3000 }),
      ),
    );
    expect(second?.histogram?.dataPoints.map(parts)).toEqual([
      { count: 1, sum: 5, buckets: [1, 0, 0], min: 5, max: 5 },
    ]);
  });

  test('with a part that tells no sum tells none', () => {
    const [, second] = converted(
      histogramOf(delta, measured({ count: 1, bucketCounts: [1, 0, 0] }, { at: 2000 })),
      histogramOf(delta, measured({ count: 1, sum: 5, bucketCounts: [1, 0, 0] }, { at: 3000 })),
    );
    expect(second?.histogram?.dataPoints[0]).not.toHaveProperty('sum');
  });

  test('whose bounds change begins anew, after the last one, with an empty one of the new bounds', () => {
    const [, second] = converted(
      histogramOf(delta, measured({ count: 1, sum: 5, bucketCounts: [1, 0, 0] }, { start: 1000, at: 2000 })),
      histogramOf(
        delta,
        measured({ count: 4, sum: 9, bucketCounts: [3, 1], explicitBounds: [7] }, { start: 1000, at: 3000 }),
      ),
    ) as [Metric, Metric];
    expect(told(second)).toEqual([
      [0, 2999, 2000],
      [9, 3000, 2000],
    ]);
    expect(second.histogram?.dataPoints.map((p) => bucketsOf(p))).toEqual([
      [0, 0],
      [3, 1],
    ]);
    expect(second.histogram?.dataPoints.map((p) => p.explicitBounds)).toEqual([
      packDoubles([7]),
      packDoubles([7]),
    ]);
  });
});

describe('an exponential histogram', () => {
  const exponential = (scale: number, offset: number, counts: number[], at: number): Metric => ({
    name: 'x',
    exponentialHistogram: {
      aggregationTemporality: delta,
      dataPoints: [
        {
          attributes: [],
          startTimeUnixNano: 1e9,
          timeUnixNano: at * 1e6,
          exemplars: [],
          count: counts.reduce((a, b) => a + b, 1),
          sum: 10,
          scale,
          zeroCount: 1,
          positive: { offset, bucketCounts: counts },
        },
      ],
    },
  });
  const parts = (metric: Metric | undefined) =>
    metric?.exponentialHistogram?.dataPoints.map(({ count, scale, zeroCount, positive }) => [
      Number(count),
      scale,
      Number(zeroCount),
      positive?.offset,
      positive?.bucketCounts.map(Number),
    ]);

  test('adds up bucket by bucket, wherever the buckets begin', () => {
    const [first, second] = converted(
      exponential(1, 2, [1, 2], 2000),
      exponential(1, -1, [5, 0, 0, 3], 3000),
    );
    expect(parts(first)).toEqual([
      [0, 1, 0, 0, []],
      [4, 1, 1, 2, [1, 2]],
    ]);
    // -1 0 1 2 3
    expect(parts(second)).toEqual([[13, 1, 2, -1, [5, 0, 0, 4, 2]]]);
  });

  test('takes the coarser of two scales', () => {
    // At scale 0 the buckets -3 -2 -1 0 1 of scale 1 are -2 -1 -1 0 0.
    const [, second] = converted(exponential(1, -3, [1, 2, 3, 4, 5], 2000), exponential(0, 0, [10], 3000));
    expect(parts(second)).toEqual([[27, 0, 2, -2, [1, 5, 19]]]);
  });
});

test('the unit 1 is taken off, another one is kept', () => {
  const [one, other] = converted({ ...sumOf(delta), unit: '1' }, { ...sumOf(delta), unit: 'ms' });
  expect([one && 'unit' in one, other?.unit]).toEqual([false, 'ms']);
});

test('gauges keep their values; of those with the same labels the last one stands', () => {
  const dataPoints = [
    number({ asInt: 1 }, { at: 2000, labels: { 'session.id': 'a' } }),
    number({ asInt: 2 }, { at: 3000, labels: { 'session.id': 'b' } }),
    number({ asInt: 3 }, { at: 3000, labels: { model: 'm' } }),
  ];
  const [metric] = converted({ name: 'g', gauge: { dataPoints } });
  const points = metric?.gauge?.dataPoints ?? [];
  expect(points.map(({ asInt, timeUnixNano }) => [asInt, Number(timeUnixNano)])).toEqual([
    [2, 3000e6],
    [3, 3000e6],
  ]);
});
