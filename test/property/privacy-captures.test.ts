/** The recorded sessions of all three CLIs, with secrets planted wherever a text stands. */
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode } from '../../src/otlp/codec.ts';
import { encodeProtobuf } from '../../src/otlp/protobuf.ts';
import type { ExportRequest, KeyValue } from '../../src/otlp/types.ts';
import type { ContentMode } from '../../src/pipeline/content.ts';
import { providers } from '../../src/providers/index.ts';
import { kindsOfSecrets, secretOf } from '../support/made-up-secrets.ts';
import { readRecording, replayRequests } from '../support/replay.ts';
import { scenarios } from '../unit/otlp/captures.ts';

const names = scenarios().map(({ name, cli }) => [name, cli] as const);

/** Plants something in a value; what it returns stands there then. */
type Plant = (text: string) => string;

/** In all values of attributes, in bodies, statuses and parts of them; independent of the code that cleans. */
function plantInTexts(node: object, plant: Plant): void {
  // Without its service's name a CLI is another program.
  if ('key' in node && node.key === 'service.name') return;
  for (const [name, value] of Object.entries(node)) {
    if (typeof value === 'string') {
      if (name === 'stringValue' || name === 'message') Object.assign(node, { [name]: plant(value) });
    } else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
      plantInTexts(value, plant);
    }
  }
}

/** Puts more attributes on whatever has some. */
function plantAttributes(node: object, more: () => KeyValue[]): void {
  for (const [name, value] of Object.entries(node)) {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) continue;
    if (name === 'attributes' || name === 'filteredAttributes') (value as KeyValue[]).push(...more());
    else plantAttributes(value, more);
  }
}

/** What is sent of a recording that was changed before it was received. */
async function whatLeaves(
  [name, cli]: (typeof names)[number],
  mode: ContentMode,
  change: (request: ExportRequest) => void = () => {},
): Promise<ExportRequest[]> {
  const recorded = readRecording(fileURLToPath(new URL(`../fixtures/captures/${name}`, import.meta.url)));
  const requests = recorded.map((received) => {
    const { signal, contentType, body } = received;
    const decoded = decode(signal, contentType, body);
    if (!decoded.ok) throw new Error(`${name} cannot be read`);
    change(decoded.request);
    const changed = Buffer.from(encodeProtobuf(signal, decoded.request));
    return { ...received, contentType: 'application/x-protobuf', contentEncoding: undefined, body: changed };
  });
  const { sent } = await replayRequests(providers[cli], requests, mode);
  return sent.map(({ request }) => request);
}

/** Ids are bytes: nothing of ours is planted there. */
function asText(requests: readonly ExportRequest[]): string {
  return JSON.stringify(requests, (_, value) => (value instanceof Uint8Array ? undefined : value));
}

/** Attributes that hold what was said and done, as the facts list them (codex.md §10, gemini.md §9, claude.md §9). */
const contentKeys = [
  'prompt',
  'prompt_text',
  'user_prompt',
  'response',
  'response_text',
  'request_text',
  'body',
  'content',
  'arguments',
  'output',
  'function_args',
  'metadata',
  'tool_input',
  'tool_parameters',
  'full_command',
  'bash_command',
  'diff',
  'file_path',
  'error',
  'error.message',
  'exception.message',
  'exception.stacktrace',
  'routing.reasoning',
  'reasoning',
  'gen_ai.input.messages',
  'gen_ai.output.messages',
  'gen_ai.system_instructions',
  'gen_ai.tool.definitions',
];
const personKeys = [
  'user.email',
  'user.id',
  'user.account_id',
  'user.account_uuid',
  'organization.id',
  'installation.id',
  'host.name',
  'process.owner',
  'process.command',
  'process.command_args',
  'cwd',
  'vcs.ref.head.name',
];

const canary = fc.stringMatching(/^canary[a-z]{12}$/);

function canaries(keys: readonly string[], word: string): () => KeyValue[] {
  const value = () => ({ stringValue: `The ${word} sings.` });
  return () => [
    ...keys.map((key) => ({ key, value: value() })),
    {
      key: keys[0] ?? '',
      value: {
        arrayValue: { values: [value(), { kvlistValue: { values: [{ key: 'x', value: value() }] } }] },
      },
    },
  ];
}

describe.each(names)('%s', (...capture) => {
  test('none: no content leaves, and nothing of the person', async () => {
    await fc.assert(
      fc.asyncProperty(canary, async (word) => {
        const planted = canaries([...contentKeys, ...personKeys], word);
        const left = asText(
          await whatLeaves(capture, 'none', (request) => {
            plantAttributes(request, planted);
            if ('resourceSpans' in request)
              for (const { spans } of request.resourceSpans.flatMap((each) => each.scopeSpans))
                for (const span of spans) span.status = { code: 2, message: `The ${word} sings.` };
            if ('resourceLogs' in request)
              for (const { logRecords } of request.resourceLogs.flatMap((each) => each.scopeLogs))
                for (const record of logRecords)
                  record.body = { stringValue: `Failed. Error: The ${word} sings.` };
          }),
        );
        expect(left).not.toContain(word);
      }),
      { numRuns: 2 },
    );
  });

  test('redacted: content leaves, but nothing of the person, and no metric has any of it', async () => {
    const person = await whatLeaves(capture, 'redacted', (request) =>
      plantAttributes(request, canaries(personKeys, 'canary')),
    );
    expect(asText(person)).not.toContain('canary');
    const content = await whatLeaves(capture, 'redacted', (request) =>
      plantAttributes(request, canaries(contentKeys, 'canary')),
    );
    for (const request of content) {
      expect(asText([request]).includes('The canary sings.')).toBe(!('resourceMetrics' in request));
    }
  });

  test('redacted: no secret leaves, wherever it stands', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...kindsOfSecrets).chain(secretOf),
        fc.integer({ min: 1, max: 3 }),
        async ({ text, parts }, step) => {
          let position = 0;
          const plant: Plant = (value) => (position++ % step === 0 ? `${value} ${text}` : value);
          const left = asText(
            await whatLeaves(capture, 'redacted', (request) => plantInTexts(request, plant)),
          );
          for (const part of parts) expect(left).not.toContain(part);
          expect(left).toContain('[redacted:');
        },
      ),
      { numRuns: 4 },
    );
  });

  test('redacted: what is no secret leaves as it came', async () => {
    const redacted = asText(await whatLeaves(capture, 'redacted'));
    expect(redacted).not.toContain('[redacted:');
  });

  test('full: content leaves as it came, but no metric has any of it', async () => {
    const text = 'The canary sings to wren@example.org.';
    const planted = () =>
      [...contentKeys, ...personKeys].map((key) => ({ key, value: { stringValue: text } }));
    for (const request of await whatLeaves(capture, 'full', (request) => plantAttributes(request, planted))) {
      expect(asText([request]).includes(text)).toBe(!('resourceMetrics' in request));
    }
  });
});
