import { describe, expect, test } from 'vitest';
import { planUndo, planWrite, type Situation } from '../../../../src/commands/config/plan.ts';
import { hashOf, type WriteRecord } from '../../../../src/commands/config/record.ts';
import { persistentSettings } from '../../../../src/providers/persistent.ts';
import type { ProviderId } from '../../../../src/providers/provider.ts';
import { type ConfigFixture, configFixtures } from '../../../support/config-fixtures.ts';

const endpoint = 'http://127.0.0.1:4318';
const ids = ['codex', 'gemini', 'claude'] as const;
const fixtures = ids.flatMap((id) => configFixtures(id).map((fixture) => ({ id, ...fixture })));

function situation(id: ProviderId, text: string | undefined, changes: Partial<Situation> = {}): Situation {
  return {
    persistent: persistentSettings[id],
    text,
    record: null,
    original: undefined,
    force: false,
    ...changes,
  };
}

/** Writes, and returns what is known afterwards. */
function written(id: ProviderId, text: string | undefined, force = true, to = endpoint) {
  const plan = planWrite(situation(id, text, { force }), to);
  if (plan.kind !== 'write') throw new Error(`${plan.kind}: ${JSON.stringify(plan)}`);
  const record: WriteRecord = {
    schema: 1,
    provider: id,
    file: '/settings',
    endpoint: to,
    existed: text !== undefined,
    madeFolders: [],
    forced: plan.replaced.length > 0,
    written: hashOf(plan.text),
    memory: plan.memory,
  };
  return { plan, record, known: { record, original: plan.before } };
}

describe.each(fixtures)('$id $name', ({ id, text, isForeign }: ConfigFixture & { id: ProviderId }) => {
  test(isForeign ? 'is not touched without force' : 'is written', () => {
    expect(planWrite(situation(id, text), endpoint).kind).toBe(isForeign ? 'foreign' : 'write');
  });

  test('is written once: the second time there is nothing to do', () => {
    const { plan, known } = written(id, text);
    expect(planWrite(situation(id, plan.text, known), endpoint)).toEqual({ kind: 'already' });
  });

  test('is undone to the byte', () => {
    const { plan, known } = written(id, text);
    expect(planUndo(situation(id, plan.text, known))).toEqual({ kind: 'undo', text, isExact: true });
  });

  const isEmpty = text.trim() === '';

  test.skipIf(isEmpty)('is undone to the byte without the text before', () => {
    const { plan, record } = written(id, text);
    expect(planUndo(situation(id, plan.text, { record }))).toMatchObject({ kind: 'undo', text });
  });

  test('is undone to the byte after it was written again for another address', () => {
    const first = written(id, text);
    const plan = planWrite(situation(id, first.plan.text, first.known), 'http://alloy:4318');
    expect(plan).toMatchObject({ kind: 'write', before: text });
    expect((plan as typeof first.plan).text).not.toContain(endpoint);
  });

  test.skipIf(isEmpty)('keeps what the user changed elsewhere', () => {
    const change = (config: string) => changes[id].reduce((now, each) => each(now), config);
    const { plan, known } = written(id, text);
    const undone = planUndo(situation(id, change(plan.text), known));
    expect(undone).toEqual({ kind: 'undo', text: change(text), isExact: false });
  });
});

test.each(ids)('%s is told an address, and nothing that is secret', (id) => {
  expect(written(id, undefined).plan.text).not.toMatch(/header|authorization|bearer|secret|api.?key/i);
});

const words = (config: string) =>
  config.replaceAll('gpt-5.5', 'gpt-6').replaceAll('kept', 'other').replaceAll('"Default"', '[]');
const lineAbove = (line: string) => (config: string) => config.replace(/^\ufeff?/, `$&${line}`);
const changes: Record<ProviderId, ((config: string) => string)[]> = {
  codex: [words, lineAbove('# mine\nhide_agent_reasoning = true\n')],
  gemini: [words, lineAbove('// mine\n'), (config) => `${config}// the end\n`],
  claude: [words, lineAbove('\n \n'), (config) => `${config}\n`],
};

describe('codex', () => {
  const text = 'model = "gpt-5.5"\n\n[tui]\nnotifications = true\n';
  const { plan, record, known } = written('codex', text);
  const undo = (now: string, more: Partial<Situation> = known) => planUndo(situation('codex', now, more));
  const block = plan.text.slice(text.length + 1);

  test('takes the table out from among tables that came after it', () => {
    const more = '\n[mcp_servers.new]\ncommand = "x"\n';
    expect(undo(plan.text + more)).toMatchObject({ text: text + more });
  });

  test('takes the table out from where it was moved to', () => {
    const moved = `model = "gpt-5.5"\n\n${block}\n[tui]\nnotifications = true\n`;
    expect(undo(moved)).toMatchObject({ text });
  });

  test('takes the table out without a record, by its mark or by its lines', () => {
    expect(undo(plan.text, {})).toMatchObject({ kind: 'undo', text });
    const unmarked = plan.text.replace(/# Written.*\n/, '');
    expect(undo(unmarked, {})).toMatchObject({ kind: 'undo', text });
  });

  test('does not take out a table that was changed, unless forced', () => {
    const changed = plan.text.replace('log_user_prompt = false', 'log_user_prompt = true');
    expect(undo(changed)).toEqual({ kind: 'changed', keys: ['otel'] });
    expect(undo(changed, { ...known, force: true })).toMatchObject({ kind: 'undo', text });
    expect(planWrite(situation('codex', changed, known), endpoint)).toMatchObject({ kind: 'changed' });
    expect(planWrite(situation('codex', changed, { ...known, force: true }), endpoint)).toMatchObject({
      kind: 'write',
      text: plan.text,
    });
  });

  test('has nothing to undo when the table is gone', () => {
    expect(undo(text)).toEqual({ kind: 'nothing' });
  });

  test('leaves a table alone that is not ours', () => {
    const exporter = '{ otlp-http = { endpoint = "http://x/v1/logs", protocol = "json" } }';
    const foreign = `${text}\n[otel]\nexporter = ${exporter}\n`;
    expect(undo(foreign, {})).toEqual({ kind: 'nothing' });
    expect(undo(foreign, { force: true })).toEqual({ kind: 'nothing' });
  });

  test('removes a file that it made, and keeps one that the user has added to', () => {
    const made = written('codex', undefined);
    const undone = (now: string) => planUndo(situation('codex', now, made.known));
    expect(undone(made.plan.text)).toMatchObject({ text: undefined });
    expect(undone(`${made.plan.text}\n[tui]\n`)).toMatchObject({ text: '\n[tui]\n' });
  });

  test('needs force once: it stays agreed for another address', () => {
    const foreign = written('codex', 'otel.environment = "dev"\n');
    const again = planWrite(situation('codex', foreign.plan.text, foreign.known), 'http://alloy:4318');
    expect(again).toMatchObject({ kind: 'write', before: 'otel.environment = "dev"\n' });
  });

  test('keeps foreign lines as comments, at their place', () => {
    const { plan: forced } = written('codex', '[otel]\nenvironment = """\na\n"""\n[tui]\n');
    expect(forced.text.split('\n').slice(0, 6)).toEqual([
      '# off by ai-trace: [otel]',
      '# off by ai-trace: environment = """',
      '# off by ai-trace: a',
      '# off by ai-trace: """',
      '[tui]',
      '',
    ]);
    expect(forced.replaced).toEqual(['otel', 'otel.environment']);
  });

  test.each([
    ['a value is missing', 'model =\n', 1],
    ['a table is there twice', '[tui]\n[tui]\n', 2],
    ['a string has no end', '\n\nmodel = "gpt\n', 3],
  ])('refuses a file in which %s', (_, broken, line) => {
    expect(planWrite(situation('codex', broken), endpoint)).toMatchObject({ kind: 'unparsable', line });
    expect(planUndo(situation('codex', broken, { record }))).toMatchObject({ kind: 'unparsable', line });
  });
});

describe('gemini', () => {
  const text = '{\n  "ui": {}\n}\n';
  const { plan, known } = written('gemini', text);
  const undo = (now: string, more: Partial<Situation> = known) => planUndo(situation('gemini', now, more));

  test('writes the whole object first, so that no comma of others changes', () => {
    expect(plan.text).toBe(`{
  "telemetry": {
    "enabled": true,
    "target": "local",
    "otlpProtocol": "http",
    "otlpEndpoint": "http://127.0.0.1:4318",
    "logPrompts": false,
    "traces": true
  },
  "ui": {}
}
`);
  });

  test('takes it out from where it was moved to, and as it was reformatted', () => {
    const settings = JSON.parse(plan.text);
    const moved = JSON.stringify({ ui: settings.ui, telemetry: settings.telemetry }, null, 4);
    expect(undo(moved)).toMatchObject({ kind: 'undo', text: JSON.stringify({ ui: {} }, null, 4) });
    expect(undo(JSON.stringify(settings))).toMatchObject({ text: '{"ui":{}}' });
  });

  test('takes it out without a record when it is ours to the letter', () => {
    expect(undo(plan.text, {})).toMatchObject({ kind: 'undo', text });
    expect(undo(plan.text.replace('4318', '4319'), {})).toMatchObject({ kind: 'undo', text });
    expect(undo(plan.text.replace('"local"', '"gcp"'), {})).toEqual({ kind: 'nothing' });
  });

  test('does not take out what was changed, unless forced', () => {
    const changed = plan.text.replace('4318', '4319');
    expect(undo(changed)).toEqual({ kind: 'changed', keys: ['telemetry'] });
    expect(undo(changed, { ...known, force: true })).toMatchObject({ kind: 'undo', text });
  });

  test('removes a file that it made, and keeps one that the user has added to', () => {
    const made = written('gemini', undefined);
    const undone = (now: string) => planUndo(situation('gemini', now, made.known));
    expect(undone(made.plan.text)).toMatchObject({ text: undefined });
    expect(undone(made.plan.text.replace(/\}\n$/, '  , "ui": {}\n}\n'))).toMatchObject({
      kind: 'undo',
      text: expect.stringMatching(/^\{\s*"ui": \{\}\s*\}\n$/),
    });
  });

  test('leaves no comma behind when another member came in front of it', () => {
    const { plan: first, known: of } = written('gemini', '{}');
    const inFront = first.text.replace('{\n', '{\n  "ui": {},\n');
    expect(planUndo(situation('gemini', inFront, of))).toMatchObject({
      kind: 'undo',
      text: '{\n  "ui": {}\n}',
    });
  });

  test.each([
    ['has a comma at the end', '{\n  "ui": {},\n}\n', 3],
    ['begins with a byte order mark', '\ufeff{}', 1],
    ['is empty', '', 1],
    ['is a list', '[]', 1],
    ['has it twice', '{\n  "telemetry": {},\n  "telemetry": {}\n}', 2],
  ])('refuses a file that %s, as the CLI does', (_, broken, line) => {
    expect(planWrite(situation('gemini', broken), endpoint)).toMatchObject({ kind: 'unparsable', line });
  });
});

describe('claude', () => {
  const text = '{\n  "env": {\n    "A": "1"\n  }\n}\n';
  const { plan, known } = written('claude', text);
  const undo = (now: string, more: Partial<Situation> = known) => planUndo(situation('claude', now, more));

  test('writes its variables in front of those of the user', () => {
    expect(plan.text).toMatch(/^\{\n {2}"env": \{\n {4}"CLAUDE_CODE_ENABLE_TELEMETRY": "1",\n/);
    expect(JSON.parse(plan.text).env).toMatchObject({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, A: '1' });
  });

  test('takes its variables out from among others', () => {
    const between = plan.text.replace('"OTEL_LOGS', '"B": "2",\n    "OTEL_LOGS');
    expect(undo(between)).toMatchObject({
      text: '{\n  "env": {\n    "B": "2",\n    "A": "1"\n  }\n}\n',
    });
  });

  test('leaves what was there before with the same value', () => {
    const half = '{"env":{"CLAUDE_CODE_ENABLE_TELEMETRY":"1"}}';
    const { plan: more, known: of } = written('claude', half, false);
    const edited = `${more.text}\n`;
    expect(planUndo(situation('claude', edited, of))).toMatchObject({ text: `${half}\n` });
  });

  test('takes the object along that it made, unless something else is in it', () => {
    const made = written('claude', '{\n  "theme": "dark"\n}\n');
    const undone = (now: string) => planUndo(situation('claude', now, made.known));
    const reformatted = JSON.stringify(JSON.parse(made.plan.text), null, 3);
    expect(undone(reformatted)).toMatchObject({ text: '{\n   "theme": "dark"\n}' });
    const added = made.plan.text.replace('"env": {', '"env": {\n    "MINE": "1",');
    expect(undone(added)).toMatchObject({
      text: '{\n  "env": {\n    "MINE": "1"\n  },\n  "theme": "dark"\n}\n',
    });
  });

  test('blanks what would take telemetry elsewhere, and brings it back', () => {
    const own = '{"otelHeadersHelper":"/bin/h","env":{"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT":"http://x"}}';
    const { plan: forced, known: of } = written('claude', own);
    expect(JSON.parse(forced.text)).toMatchObject({
      otelHeadersHelper: '',
      env: { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: '' },
    });
    expect(planUndo(situation('claude', `${forced.text}\n`, of))).toMatchObject({ text: `${own}\n` });
  });

  test.each([
    ['has comments', '{ // a\n}', 1],
    ['has no object where variables are', '{\n"env": []}', 2],
  ])('refuses a file that %s', (_, broken, line) => {
    expect(planWrite(situation('claude', broken), endpoint)).toMatchObject({ kind: 'unparsable', line });
  });
});
