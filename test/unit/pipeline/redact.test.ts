import { describe, expect, test } from 'vitest';
import { Redactor } from '../../../src/pipeline/redact.ts';
import { log } from '../providers/records.ts';

const redactor = new Redactor();
/** Made up, of the form that GitHub's have. */
const token = `ghp_${'a1B2'.repeat(9)}`;

function cleaned(text: string): string | undefined {
  const record = log(1, { prompt: text });
  redactor.clean({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] });
  return record.attributes[0]?.value?.stringValue;
}

describe('in the place of a secret', () => {
  test('stands the rule that knows it, and nothing else is changed', () => {
    expect(redactor.redact(`use ${token}, then mail wren@example.org.`)).toBe(
      'use [redacted:github], then mail [redacted:email].',
    );
  });

  test.each([
    ['a password by its name', 'password = "a b c d e f"', 'password = "[redacted:named]"'],
    ['a password in a URL', 'https://wren:abc@box.example/x', 'https://[redacted:basicauth]/x'],
    ['a URL without one', 'http://localhost:4873/@scope/name', 'http://localhost:4873/@scope/name'],
    ['a version behind an @', 'npm install @scope/name@1.2.3', 'npm install @scope/name@1.2.3'],
    ['a count of tokens', '{"total_tokens":12345678}', '{"total_tokens":12345678}'],
  ])('%s', (_, text, expected) => {
    expect(redactor.redact(text)).toBe(expected);
  });

  test('one marker stands for what two rules know', () => {
    expect(redactor.redact(`token: ${token}`)).toMatch(/^token: \[redacted:[a-z]+\]$/);
  });

  test('a text cannot switch the rules off', () => {
    expect(redactor.redact(`secretlint-disable\n${token}`)).toBe('secretlint-disable\n[redacted:github]');
  });

  test('a key whose end was cut off is gone to the end', () => {
    expect(redactor.redact('cat key\n-----BEGIN PRIVATE KEY-----\nMIIEvg')).toBe(
      'cat key\n[redacted:privatekey]',
    );
  });
});

describe('a long text', () => {
  test('is cut after 2048 characters, the mark included', () => {
    expect(cleaned('x'.repeat(2048))).toBe('x'.repeat(2048));
    expect(cleaned('x'.repeat(2049))).toBe(`${'x'.repeat(2047)}…`);
  });

  test('is not cut inside a character', () => {
    expect(cleaned(`${'x'.repeat(2046)}😀xx`)).toBe(`${'x'.repeat(2046)}…`);
  });

  test('is redacted first: no half of a secret is left at its end', () => {
    const text = cleaned(`${'x '.repeat(1015)}${token} ${'y'.repeat(100)}`);
    expect(text).not.toContain('ghp_');
    expect(text).toContain('[redacted:github]');
  });
});
