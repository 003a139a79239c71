/** What `--record` keeps makes the same session again. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { providers } from '../../src/providers/index.ts';
import { totalsOf } from '../../src/session/totals.ts';
import { cliCases } from '../support/cli-cases.ts';
import { replay } from '../support/replay.ts';
import { rig } from '../support/rig.ts';
import { traced } from '../support/traced.ts';

test.each(cliCases)('$name', async ({ name, command }) => {
  const cli = await rig(name, {
    main: [
      { kind: 'tool', calls: [command('true')] },
      { kind: 'text', text: 'All done.' },
    ],
  });
  const dir = join(cli.home, 'recording');
  const { receipt } = await traced(cli, { own: ['--record', dir] });
  expect(receipt.warnings).toEqual([]);

  const { session, understanding, pipeline } = await replay(providers[name], dir);
  const { logs, spans, metric_points } = receipt.telemetry.received;
  expect(understanding.received).toEqual({ logs, spans, metricPoints: metric_points });
  expect(pipeline.undecodable).toBe(0);
  expect([...session.ids.keys()]).toEqual(receipt.session_ids);
  const { turns, llmCalls, toolCalls, usage, cost, errors } = totalsOf(session);
  expect({ turns, llmCalls, toolCalls, errors: errors.total }).toEqual({
    turns: receipt.turns,
    llmCalls: receipt.llm_calls,
    toolCalls: receipt.tool_calls,
    errors: 0,
  });
  expect(usage).toMatchObject({
    inputTokens: receipt.usage.input_tokens,
    outputTokens: receipt.usage.output_tokens,
    cacheReadTokens: receipt.usage.cache_read_tokens,
    cacheWriteTokens: receipt.usage.cache_write_tokens,
    reasoningTokens: receipt.usage.reasoning_tokens,
  });
  expect(cost.usd).toBeCloseTo(receipt.cost.usd, 12);
});
