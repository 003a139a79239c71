/**
 * What leaves the machine: by default no word of a person, a model or a tool, and nobody's name, but on every record whose
 * session it is; more only where it was asked for.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CliName } from '../../scripts/clis.mjs';
import { text } from '../../src/otlp/attributes.ts';
import type { Signal } from '../../src/otlp/types.ts';
import { type CliCase, cliCases } from '../support/cli-cases.ts';
import { type Collector, startCollector } from '../support/collector.ts';
import { expectFigures } from '../support/figures.ts';
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
    // Our own metrics are of the run: a session's id would be a label.
    const ofSession = records.filter(({ kind, scope }) => kind !== 'metric' || scope !== 'ai-trace');
    const told = ofSession.map(({ kind, resource, attributes }) => {
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

/** Asked for, content arrives; what is a secret in it is told apart from what is not. */
const told = {
  prompt: 'The heron eats at dawn',
  // Made up, of the form that GitHub's have.
  key: `ghp_${'Wren4Finch7'.repeat(4).slice(0, 36)}`,
  output: 'The badger sleeps till noon',
  answer: 'The owl is awake at night',
  email: 'wren.finch@example.org',
};

async function tellingSession({ name, command }: CliCase, content: 'redacted' | 'full') {
  const collector = await startCollector();
  const cli = await rig(name, {
    main: [
      { kind: 'tool', calls: [command(`cat private.txt # ${told.key}`)] },
      { kind: 'text', text: `${told.answer}, ${told.key}.` },
    ],
  });
  writeFileSync(join(cli.cwd, 'private.txt'), `${told.output}, ${told.key}.`);
  writeFileSync(
    join(cli.home, '.gemini/google_accounts.json'),
    JSON.stringify({ active: told.email, old: [] }),
  );
  const { code, stderr, receipt } = await traced(cli, {
    prompt: `${told.prompt}, ${told.key}, ${told.email}.`,
    own: ['--traces', 'both', '--content', content, '--forward', collector.url],
  });
  expect(code, stderr).toBe(0);
  expectFigures(receipt, cli.api.spent);
  expect(receipt.tool_calls).toBe(1);
  const leaves = (text: string, signal?: Signal) =>
    collector.requests.some(
      (sent) => (signal === undefined || sent.signal === signal) && sent.body.includes(text),
    );
  return { receipt, leaves };
}

describe.each(cliCases)('$name, when asked to', (its) => {
  test('forwards content without its secrets, and the same figures', async () => {
    const { leaves } = await tellingSession(its, 'redacted');
    for (const what of ['prompt', 'answer', 'output'] as const) {
      expect(leaves(told[what]), what).toBe(true);
      expect(leaves(told[what], 'metrics'), `${what} in the metrics`).toBe(false);
    }
    expect(leaves('[redacted:github]')).toBe(true);
    expect(leaves(told.key)).toBe(false);
    expect(leaves(told.email)).toBe(false);
  });

  test('forwards everything as the CLI sends it', async () => {
    const { leaves } = await tellingSession(its, 'full');
    expect(leaves(`${told.prompt}, ${told.key}, ${told.email}.`)).toBe(true);
    expect(leaves(told.key, 'metrics')).toBe(false);
    expect(leaves('[redacted:')).toBe(false);
  });
});
