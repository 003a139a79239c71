import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Redactor } from '../../src/pipeline/redact.ts';
import { kindsOfSecrets, secretOf } from '../support/made-up-secrets.ts';

const redactor = new Redactor();

/** Where secrets are met: in prose, in a file, in JSON, in JSON in JSON. */
const places: Readonly<Record<string, (secret: string) => string>> = {
  alone: (secret) => secret,
  'in a sentence': (secret) => `What is ${secret} good for?`,
  'in a line of its own': (secret) => `# keep this\n${secret}\nEND\n`,
  'in JSON': (secret) => JSON.stringify({ command: `cat .env\n${secret}\n`, timeout: 5 }),
  'in JSON in JSON': (secret) => JSON.stringify({ body: JSON.stringify({ text: `\t${secret}\n` }) }),
};

describe.each(kindsOfSecrets)('a secret of the kind "%s"', (kind) => {
  test.each(Object.keys(places))('does not survive %s', (place) => {
    fc.assert(
      fc.property(secretOf(kind), ({ text, parts }) => {
        const left = redactor.redact(places[place]?.(text) ?? '');
        expect(left).toContain('[redacted:');
        for (const part of parts) expect(left).not.toContain(part);
      }),
      { numRuns: 30 },
    );
  });
});

test('words stay as they are', () => {
  const words = fc.array(fc.stringMatching(/^[A-Za-z]{1,12}$/)).map((all) => all.join(' '));
  fc.assert(
    fc.property(words, (text) => {
      expect(redactor.redact(text)).toBe(text);
    }),
  );
});

test('ids, versions, times and hashes stay as they are', () => {
  const id = fc.oneof(
    fc.uuid(),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.stringMatching(/^[0-9a-f]{16}$|^[0-9a-f]{32}$|^[0-9a-f]{40}$|^[0-9a-f]{64}$/),
    fc.stringMatching(/^(call|toolu|req|msg|resp|fc)_[A-Za-z0-9]{20,40}$/),
    fc.bigInt({ min: 0n, max: 2n ** 64n }).map(String),
    fc.constantFrom('gpt-5.5', 'claude-opus-5-5-20260101', 'gemini-2.5-flash', '0.169.0', 'v20.20.2'),
  );
  fc.assert(
    fc.property(id, (text) => {
      expect(redactor.redact(text)).toBe(text);
    }),
  );
});

test('whatever stands around it', () => {
  const around = fc.string({ unit: 'binary', maxLength: 50 });
  const secret = fc.constantFrom(...kindsOfSecrets).chain(secretOf);
  fc.assert(
    fc.property(around, secret, around, (before, { text, parts }, after) => {
      const left = redactor.redact(`${before} ${text}\n${after}`);
      for (const part of parts) expect(left).not.toContain(part);
    }),
  );
});
