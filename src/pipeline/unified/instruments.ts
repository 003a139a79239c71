import { Counter } from './counter.ts';
import { DurationHistogram } from './duration-histogram.ts';

/** The metrics of one run, all at nothing. No unit is `1`: backends differ in what they make of it. */
export function createInstruments() {
  return {
    sessions: new Counter({ name: 'ai_trace.sessions', description: 'Runs of a CLI', kind: 'asInt' }),
    tokens: new Counter({
      name: 'ai_trace.tokens',
      description: 'Tokens, each counted as one type only',
      unit: '{token}',
      kind: 'asInt',
    }),
    cost: new Counter({
      name: 'ai_trace.cost',
      description: 'What the LLM calls cost, or would cost where a subscription pays',
      unit: 'USD',
      kind: 'asDouble',
    }),
    errors: new Counter({
      name: 'ai_trace.errors',
      description: 'Failed attempts at LLM calls',
      kind: 'asInt',
    }),
    llmDuration: new DurationHistogram('ai_trace.llm.duration', 'Time of LLM calls and of failed attempts'),
    toolDuration: new DurationHistogram(
      'ai_trace.tool.duration',
      'Time that tools ran, without the wait for approval',
    ),
  };
}
