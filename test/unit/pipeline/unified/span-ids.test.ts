import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { hex } from '../../../../src/otlp/hex.ts';
import { type TraceShape, UnifiedIds } from '../../../../src/pipeline/unified/span-ids.ts';
import { parseTraceParent } from '../../../../src/pipeline/unified/trace-context.ts';
import { type PromptedTurn, Turns } from '../../../../src/session/turns.ts';
import { prompt, recorded } from '../../session/events.ts';

const trace = '0af7651916cd43dd8448eb211c80319c';
const span = 'b7ad6b7169203331';
const parentOf = (flags: '00' | '01') => parseTraceParent(`00-${trace}-${span}-${flags}`);

function idsOf(change: Partial<TraceShape> = {}): UnifiedIds {
  return new UnifiedIds({ scope: 'turn', runId: 'run-1', parent: null, sampleRate: 1, ...change });
}

/** Two turns, made anew each time. */
function turns(): [PromptedTurn, PromptedTurn] {
  const [first, second] = new Turns(recorded([prompt({ at: 1000 }), prompt({ at: 2000 })]).session).list;
  if (!first || !second) throw new Error('no turns');
  return [first, second];
}

const inHex = ({ traceId, spanId }: { traceId: Uint8Array; spanId: Uint8Array }) => [
  hex(traceId),
  hex(spanId),
];

describe('ids', () => {
  test('are 16 and 8 bytes, and not zero', () => {
    const [traceId, spanId] = inHex(idsOf().of({ turn: null, key: 'root' }));
    expect(traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
    expect(spanId).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
  });

  test('are the same whenever the same is told of', () => {
    const once = inHex(idsOf().of({ turn: turns()[0], key: 'llm|1' }));
    expect(inHex(idsOf().of({ turn: turns()[0], key: 'llm|1' }))).toEqual(once);
  });

  test('are the same after more turns than are remembered', () => {
    const prompts = Array.from({ length: 600 }, (_, at) => prompt({ at }));
    const many = recorded(prompts).turns.list;
    const ids = idsOf();
    const of = (key: string) => many.map((turn) => inHex(ids.of({ turn, key })));
    const [roots, calls] = [of('root'), of('llm|1')];
    expect([of('root'), of('llm|1')]).toEqual([roots, calls]);
    expect(new Set([...roots, ...calls].flat()).size).toBe(600 * 3);
  });

  test('of a turn do not depend on the run, those of the session do', () => {
    const [turn] = turns();
    const of = (runId: string, place: PromptedTurn | null) =>
      inHex(idsOf({ runId }).of({ turn: place, key: 'root' }));
    expect(of('run-2', turn)).toEqual(of('run-1', turn));
    expect(of('run-2', null)).not.toEqual(of('run-1', null));
  });

  test('of spans differ by key and by turn', () => {
    const ids = idsOf();
    const places = [null, ...turns()].flatMap((turn) => ['root', 'a', 'b'].map((key) => ({ turn, key })));
    expect(new Set(places.map((place) => hex(ids.of(place).spanId))).size).toBe(places.length);
  });
});

describe('a trace', () => {
  const tracesOf = (ids: UnifiedIds) => [null, ...turns()].map((turn) => hex(ids.traceOf(turn)));

  test('is a turn, or the session’s own', () => {
    expect(new Set(tracesOf(idsOf())).size).toBe(3);
  });

  test('is the session, when that is asked for; spans keep their ids apart', () => {
    const ids = idsOf({ scope: 'session' });
    expect(new Set(tracesOf(ids)).size).toBe(1);
    const roots = [null, ...turns()].map((turn) => hex(ids.of({ turn, key: 'root' }).spanId));
    expect(new Set(roots).size).toBe(3);
  });

  test.each(['turn', 'session'] as const)('is that of the TRACEPARENT, by %s', (scope) => {
    expect(tracesOf(idsOf({ scope, parent: parentOf('01') }))).toEqual([trace, trace, trace]);
  });
});

describe('above', () => {
  const aboveOf = (change: Partial<TraceShape>) => {
    const ids = idsOf(change);
    const session = hex(ids.of({ turn: null, key: 'root' }).spanId);
    return [turns()[0], null].map((turn) => {
      const above = hex(ids.above(turn)?.spanId);
      return [above === session ? 'session' : above, ids.isRemoteBelow(turn)];
    });
  };

  test('the turns and the session there is nothing', () => {
    expect(aboveOf({})).toEqual([
      ['', false],
      ['', false],
    ]);
  });

  test('the turns is the session, when that is the trace', () => {
    expect(aboveOf({ scope: 'session' })).toEqual([
      ['session', false],
      ['', false],
    ]);
  });

  test('both is the TRACEPARENT, which is remote', () => {
    expect(aboveOf({ parent: parentOf('01') })).toEqual([
      [span, true],
      [span, true],
    ]);
  });

  test('the session is the TRACEPARENT, and above the turns the session, when that is the trace', () => {
    expect(aboveOf({ scope: 'session', parent: parentOf('01') })).toEqual([
      ['session', false],
      [span, true],
    ]);
  });
});

describe('sampling', () => {
  const traceIds = Array.from({ length: 4000 }, (_, i) =>
    createHash('sha256').update(`trace ${i}`).digest().subarray(0, 16),
  );
  const shareOf = (sampleRate: number) => {
    const ids = idsOf({ sampleRate });
    return traceIds.filter((id) => ids.isSampled(id)).length / traceIds.length;
  };
  const random = (digits: string) => Buffer.from(digits.padStart(32, 'f'), 'hex');

  test('sends all or nothing where that is asked for, also of the last ids there are', () => {
    expect([shareOf(1), shareOf(0)]).toEqual([1, 0]);
    const [lowest, highest] = [random('0'.repeat(14)), random('f'.repeat(14))];
    expect([lowest, highest].map((id) => idsOf({ sampleRate: 1 }).isSampled(id))).toEqual([true, true]);
    expect([lowest, highest].map((id) => idsOf({ sampleRate: 0 }).isSampled(id))).toEqual([false, false]);
  });

  test.each([0.01, 0.1, 0.5, 0.9])('sends about the share that is asked for: %d', (rate) => {
    // Five standard deviations; the ids are the same each time.
    const slack = 5 * Math.sqrt((rate * (1 - rate)) / traceIds.length);
    expect(Math.abs(shareOf(rate) - rate)).toBeLessThan(slack);
  });

  test('decides as other samplers do, by the last 56 bits', () => {
    const half = idsOf({ sampleRate: 0.5 });
    expect(half.isSampled(random('80000000000000'))).toBe(true);
    expect(half.isSampled(random('7fffffffffffff'))).toBe(false);
  });

  test('sends at a higher rate what it sends at a lower one', () => {
    const [low, high] = [idsOf({ sampleRate: 0.2 }), idsOf({ sampleRate: 0.6 })];
    expect(traceIds.filter((id) => low.isSampled(id) && !high.isSampled(id))).toEqual([]);
  });

  test('leaves to a parent what it has decided, for its own trace only', () => {
    const own = Buffer.from(trace, 'hex');
    expect(idsOf({ parent: parentOf('01'), sampleRate: 0 }).isSampled(own)).toBe(true);
    expect(idsOf({ parent: parentOf('00'), sampleRate: 1 }).isSampled(own)).toBe(false);
    const other = random('f'.repeat(14));
    expect(idsOf({ parent: parentOf('00'), sampleRate: 1 }).isSampled(other)).toBe(true);
    expect(idsOf({ parent: parentOf('01'), sampleRate: 0 }).isSampled(other)).toBe(false);
  });
});
