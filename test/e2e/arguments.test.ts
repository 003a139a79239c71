/** The words behind the CLI's name reach it as they are, and its ending reaches the caller. A stand-in takes the CLI's place. */
import { describe, expect, test } from 'vitest';
import { standin } from '../support/standin-cli.ts';

const words = ['--help', '--version', '', '--', '--forward', 'a b', '-q', "it's", '*', '$HOME', 'ünïcode\n'];
const own = ['--forward', 'none', '--summary', 'never'];

describe.each(['codex', 'gemini', 'claude'] as const)('%s', (name) => {
  test('gets every word', async () => {
    const cli = await standin(name);
    const { stdout, stderr } = await cli.run({ words: [...own, name, ...words], steps: [{ argv: true }] });
    const given: string[] = JSON.parse(stdout.toString());
    // Settings of ours may stand before them.
    expect(given.slice(-words.length)).toEqual(words);
    expect(stderr).toBe('');
  });

  test('gets nothing else when ai-trace is switched off', async () => {
    const cli = await standin(name);
    const { stdout } = await cli.run({
      words: [...own, name, ...words],
      steps: [{ argv: true }],
      env: { AI_TRACE_DISABLE: '1' },
    });
    expect(JSON.parse(stdout.toString())).toEqual(words);
  });

  test.each([0, 1, 7, 255])('ends with %i', async (exit) => {
    const cli = await standin(name);
    expect(await cli.run({ words: [...own, name], steps: [{ exit }] })).toMatchObject({
      code: exit,
      signal: null,
    });
  });

  test.each(['SIGTERM', 'SIGKILL', 'SIGSEGV'])('dies of %s', async (signal) => {
    const cli = await standin(name);
    const result = await cli.run({ words: [...own, name], steps: [{ die: signal }, { wait: true }] });
    expect(result).toMatchObject({ code: null, signal });
  });
});
