import { expect, test } from 'vitest';
import { fixture, standin } from '../support/standin-cli.ts';
import { ownWords, readReceipt } from '../support/traced.ts';

// Told by /proc; elsewhere nothing tells that a process of the CLI's is left. What is left must speak in time: that may take a busy
// machine a second try.
test.runIf(process.platform === 'linux')(
  'what is sent after the CLI has ended is heard',
  { retry: 2 },
  async () => {
    const cli = await standin('gemini', fixture('leaver.mjs'));
    const { code } = await cli.run({ words: [...ownWords(cli), 'gemini'] });
    expect(code).toBe(3);
    expect(readReceipt(cli)).toMatchObject({ telemetry: { received: { logs: 1 } }, warnings: [] });
  },
);
