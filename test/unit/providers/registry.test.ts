import { describe, expect, test } from 'vitest';
import { isProviderId } from '../../../src/providers/clis.ts';
import { providers } from '../../../src/providers/index.ts';

describe('the words that name a CLI', () => {
  test.each(['codex', 'gemini', 'claude'])('%s', (word) => {
    expect(isProviderId(word)).toBe(true);
  });

  test.each([null, '', 'Codex', 'prices', 'toString', '__proto__', 'constructor'])('not %j', (word) => {
    expect(isProviderId(word)).toBe(false);
  });
});

describe.each(Object.values(providers))('$id', (provider) => {
  test('gives every run a mapper of its own', () => {
    expect(provider.createMapper()).not.toBe(provider.createMapper());
  });

  test('ignores records that say nothing', () => {
    const mapper = provider.createMapper();
    expect(mapper.log({ attributes: [] })).toEqual({ sessionId: undefined, events: [] });
    expect(mapper.span({ attributes: [], events: [], links: [] })).toEqual({
      sessionId: undefined,
      events: [],
    });
    expect(mapper.metric({})).toEqual({ sessionId: undefined, events: [] });
    expect(mapper.resource({ attributes: [] })).toEqual([]);
    expect(mapper.finish()).toEqual([]);
  });
});

describe('records are the CLI’s own', () => {
  test.each([
    ['codex', 'codex_exec', 'x', true],
    ['codex', 'codex_cli_rs', 'x', true],
    ['codex', 'codex-app-server', 'x', true],
    ['codex', 'codex', 'x', false],
    ['codex', undefined, 'codex_otel.log_only', false],
    ['gemini', 'gemini-cli', 'x', true],
    ['gemini', 'renamed by the user', 'gemini-cli', true],
    ['gemini', 'my-service', 'http', false],
    ['claude', 'claude-code', 'x', true],
    ['claude', 'renamed by the user', 'com.anthropic.claude_code.events', true],
    ['claude', 'renamed by the user', 'com.anthropic.claude_code', true],
    ['claude', 'my-service', 'com.anthropic.sdk', false],
    ['claude', undefined, '', false],
  ] as const)('%s: service %s, scope %s: %s', (id, serviceName, scopeName, expected) => {
    expect(providers[id].recognises(serviceName, scopeName)).toBe(expected);
  });
});
