/** What leaves the machine: no word of a person, a model or a tool, nobody's name, but on every record whose session it is. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CliName } from '../../scripts/clis.mjs';
import { text } from '../../src/otlp/attributes.ts';
import { type CliCase, cliCases } from '../support/cli-cases.ts';
import { type Collector, startCollector } from '../support/collector.ts';
import type { ToolCall } from '../support/mock/script.ts';
import { claudeTools, geminiTools } from '../support/mock/tool-calls.ts';
import { recordsIn } from '../support/otlp-records.ts';
import { type Rig, rig } from '../support/rig.ts';
import { type TracedRun, traced } from '../support/traced.ts';

const secrets = {
  prompt: 'The heron eats at dawn.',
  command: 'the-otter-swims',
  output: 'The badger sleeps till noon.',
  fileName: 'the-lynx-hides',
  fileContent: 'The stork has a nest.',
  answer: 'The owl is awake at night.',
  error: 'The mole digs a tunnel.',
  email: 'wren.finch@example.org',
  tag: 'kept on purpose',
};

const serviceNames: Record<CliName, string> = {
  codex: 'codex',
  gemini: 'gemini-cli',
  claude: 'claude-code',
};

/** A tool that writes a file, beside the one that runs a command. */
const writes: Record<CliName, ToolCall[]> = {
  codex: [],
  gemini: [geminiTools.writeFile(secrets.fileName, secrets.fileContent)],
  claude: [claudeTools.write(secrets.fileName, secrets.fileContent)],
};

/** Of the machine and the person; their values are too short to look for in the bytes, or random. */
function isPersonal(key: string): boolean {
  return /^(host\.name|process\.(owner|command|command_args|executable\.path)|user\.|installation\.id)/.test(
    key,
  );
}

/** A session in which everything that could be told is a secret. */
async function secretSession({ name, command }: CliCase, collector: Collector): Promise<[Rig, TracedRun]> {
  const calls = [command(`cat private.txt; true ${secrets.command}`), ...writes[name]];
  const cli = await rig(name, {
    main: [
      // Told to the CLI once, and overcome.
      { kind: 'error', status: 500, message: secrets.error },
      { kind: 'tool', calls },
      { kind: 'text', text: secrets.answer },
    ],
  });
  writeFileSync(join(cli.cwd, 'private.txt'), secrets.output);
  writeFileSync(
    join(cli.home, '.gemini/google_accounts.json'),
    JSON.stringify({ active: secrets.email, old: [] }),
  );
  const run = await traced(cli, {
    prompt: secrets.prompt,
    own: ['--forward', collector.url, '--tag', `note=${secrets.tag}`],
    // Headers of the user's, for a collector of the user's.
    env: { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20t0ken' },
  });
  expect(run.code, run.stderr).toBe(0);
  expect(run.stdout.toString()).toContain(secrets.answer);
  return [cli, run];
}

describe.each(cliCases)('$name', (its) => {
  test('forwards nothing private, and its session on every record', async () => {
    const collector = await startCollector();
    const [cli, { receipt, forwarded }] = await secretSession(its, collector);

    const { tag, ...unspeakable } = secrets;
    const privates = { ...unspeakable, cwd: cli.cwd, token: 't0ken' };
    for (const [what, secret] of Object.entries(privates)) {
      expect(forwarded.includes(secret), `${what} in the file`).toBe(false);
      for (const { signal, body } of collector.requests) {
        expect(body.includes(secret), `${what} in the ${signal}`).toBe(false);
      }
    }
    // They would be found if they were there.
    expect(forwarded).toContain(tag);
    expect(collector.requests.every(({ body }) => body.includes(tag))).toBe(true);

    const [session] = receipt.session_ids;
    expect(receipt.session_ids).toHaveLength(1);
    const records = collector.requests.flatMap(({ request }) => recordsIn(request));
    expect(new Set(records.map(({ kind }) => kind))).toEqual(new Set(['log', 'span', 'metric']));
    for (const { resource, attributes } of records) {
      expect(
        [...resource, ...attributes].map(({ key }) => key).filter((key) => isPersonal(key ?? '')),
      ).toEqual([]);
    }
    const told = records.map(({ kind, resource, attributes }) => {
      const id = text(kind === 'metric' ? resource : attributes, 'session.id');
      return `${kind} of ${text(resource, 'service.name')}: ${id}`;
    });
    const service = serviceNames[its.name];
    expect([...new Set(told)].sort()).toEqual([
      `log of ${service}: ${session}`,
      `metric of ${service}: ${session}`,
      `span of ${service}: ${session}`,
    ]);
  });
});
