import { describe, expect, test } from 'vitest';
import {
  adviceFor,
  costNote,
  destinationText,
  droppedText,
  type Failure,
  failureText,
  flushedText,
  type Notice,
  noticeText,
  spooledText,
} from '../../../src/report/messages.ts';
import { errorTypes } from '../../../src/session/event.ts';
import { receipt } from './receipts.ts';

/** One of each kind, and what its text must say; a kind that is missing here does not compile. */
const notices: { [K in Notice['kind']]: [Extract<Notice, { kind: K }>, RegExp] } = {
  no_telemetry: [{ kind: 'no_telemetry', title: 'Codex CLI' }, /no telemetry arrived.*Codex CLI/],
  undecodable: [{ kind: 'undecodable', requests: 1 }, /^1 telemetry request could not be read/],
  oversized: [{ kind: 'oversized', requests: 2 }, /^2 telemetry requests over 64 MiB/],
  hidden_retries: [{ kind: 'hidden_retries', count: 2, title: 'X' }, /^2 attempts failed and were repeated/],
  unattributed: [{ kind: 'unattributed', tokens: 1200, title: 'X' }, /^1\.2k tokens/],
  doubtful_price: [
    { kind: 'doubtful_price', model: 'm', reportedUsd: 1, listUsd: 2, title: 'X' },
    /\$1\.0000.*\$2\.0000/,
  ],
  disk_failed: [{ kind: 'disk_failed', dir: '/s', reason: 'ENOSPC' }, /\/s \(ENOSPC\).*memory only/],
  spool_full: [
    { kind: 'spool_full', limitBytes: 104_857_600, records: 7 },
    /^7 records dropped, the oldest first: more than 104\.9 MB/,
  ],
  damaged: [{ kind: 'damaged', entries: 1 }, /^1 request on disk was damaged/],
  refused_records: [
    { kind: 'refused_records', dir: '/s', url: 'http://c', records: 2, reason: 'HTTP 400' },
    /^http:\/\/c refused 2 records \(HTTP 400\); kept as \*\.refused in \/s/,
  ],
  strangers: [{ kind: 'strangers', connections: 1 }, /^1 connection without this run's secret/],
  unrecovered: [
    { kind: 'unrecovered', runs: 2 },
    /^2 earlier sessions .*could not be finished.*ai-trace flush$/,
  ],
  recovered: [{ kind: 'recovered', isWhole: false }, /^ai-trace was ended before.*too low/],
  unfinished: [{ kind: 'unfinished' }, /too low.*next run/],
  recording_failed: [{ kind: 'recording_failed', dir: '/r', reason: 'EACCES' }, /\/r: EACCES/],
  summary_file_failed: [{ kind: 'summary_file_failed', file: '/f', reason: 'EACCES' }, /\/f: EACCES/],
  own_exporter: [{ kind: 'own_exporter', signals: ['logs', 'traces'] }, /command line.*logs, traces/],
  client_certificate: [
    { kind: 'client_certificate', signals: ['logs', 'traces'] },
    /logs, traces.*certificate/,
  ],
  unparsable_config: [{ kind: 'unparsable_config', file: '/c' }, /\/c/],
  unreadable_settings: [{ kind: 'unreadable_settings', value: 'x.json' }, /x\.json/],
  managed_settings: [
    { kind: 'managed_settings', file: '/m', keys: ['OTEL_A', 'OTEL_B'], isSilent: false },
    /\/m.*OTEL_A, OTEL_B/,
  ],
  unreadable_file: [{ kind: 'unreadable_file', file: '/f', reason: 'EACCES' }, /\/f.*EACCES/],
  unknown_key: [{ kind: 'unknown_key', file: '/f', key: 'colour' }, /\/f.*colour/],
  unsafe_key: [{ kind: 'unsafe_key', file: '/f', key: 'forward' }, /\/f.*forward/],
  readable_headers_file: [{ kind: 'readable_headers_file', file: '/h' }, /chmod 600 \/h$/],
  malformed_headers: [{ kind: 'malformed_headers' }, /OTEL_EXPORTER_OTLP_HEADERS/],
};

test.each(Object.values(notices))('notice $kind', (notice, expected) => {
  const text = noticeText(notice);
  expect(text).toMatch(expected);
  expect(text).not.toMatch(/undefined|null|NaN|\[object/);
  expect(text).not.toContain('\n');
});

test.each([/ended before/, /version or help/, /switch telemetry off/, /send it elsewhere/])(
  'a run without telemetry is told with what it may come from: %s',
  (reason) => {
    expect(noticeText({ kind: 'no_telemetry', title: 'X' })).toMatch(reason);
  },
);

test('one hidden retry is one', () => {
  expect(noticeText({ kind: 'hidden_retries', count: 1, title: 'X' })).toMatch(
    /^1 attempt failed and was repeated/,
  );
});

const failures: { [K in Failure['kind']]: [Extract<Failure, { kind: K }>, RegExp] } = {
  not_found: [
    { kind: 'not_found', command: 'codex', title: 'Codex CLI', npmPackage: '@openai/codex' },
    /'codex' on PATH\.\nInstall it with: npm install -g @openai\/codex$/,
  ],
  only_ourselves: [
    {
      kind: 'only_ourselves',
      file: '/b/codex',
      command: 'codex',
      title: 'Codex CLI',
      npmPackage: '@openai/codex',
    },
    /\/b\/codex leads back.*no other 'codex'.*\n.*npm install -g @openai\/codex$/,
  ],
  dangling_link: [
    { kind: 'dangling_link', file: '/b/codex', title: 'Codex CLI', npmPackage: '@openai/codex' },
    /\/b\/codex is a link.*gone.*\n.*npm install -g @openai\/codex$/,
  ],
  endless: [
    { kind: 'endless', command: 'codex', file: '/b/codex' },
    /\/b\/codex.*again and again.*\n.*codex = "\/path/,
  ],
  directory: [{ kind: 'directory', file: '/b/codex' }, /\/b\/codex is a directory/],
  foreign_program: [
    {
      kind: 'foreign_program',
      file: '/b/codex',
      machine: 'arm64',
      title: 'Codex CLI',
      npmPackage: '@openai/codex',
    },
    /\/b\/codex.*another processor \(arm64\).*\n.*npm install -g @openai\/codex$/,
  ],
  too_old: [
    {
      kind: 'too_old',
      title: 'Codex CLI',
      version: '0.1.0',
      firstVersion: '0.44.0',
      npmPackage: '@openai/codex',
    },
    /Codex CLI 0\.1\.0 is too old.*0\.44\.0 is needed.*untraced.*\n.*npm install -g @openai\/codex$/,
  ],
  not_executable: [{ kind: 'not_executable', file: '/b/codex' }, /chmod \+x \/b\/codex$/],
  not_started: [{ kind: 'not_started', file: '/b/codex', reason: 'EIO' }, /\/b\/codex.*EIO/],
  bad_value: [
    { kind: 'bad_value', source: '--summary', key: 'summary', value: 'loud', reason: 'not one of auto' },
    /--summary.*summary = 'loud'.*not one of auto/,
  ],
  bad_price: [
    { kind: 'bad_price', source: '/c', key: 'prices.gpt', reason: 'missing' },
    /\/c: prices\.gpt.*input and output/,
  ],
  unknown_command: [
    { kind: 'unknown_command', word: 'codx', known: ['codex'], nearest: null },
    /'codx'.*\nKnown: codex/,
  ],
  missing_command: [{ kind: 'missing_command', known: ['codex', 'gemini'] }, /codex, gemini/],
  missing_shell: [{ kind: 'missing_shell' }, /shell-init bash(.*\n)+.*shell-init fish/],
  unknown_shell: [{ kind: 'unknown_shell', word: 'tcsh', known: ['bash'] }, /'tcsh'.*bash/],
  unknown_template: [
    { kind: 'unknown_template', word: 'aloy', known: ['alloy', 'nix'] },
    /no template 'aloy'\. Known: alloy, nix/,
  ],
  template_in_the_way: [
    { kind: 'template_in_the_way', dir: '/d', files: ['a.yaml', 'b.yaml'] },
    /nothing was written.*\/d.*a\.yaml, b\.yaml.*\n.*--out/,
  ],
  template_failed: [
    { kind: 'template_failed', file: '/d/a.yaml', reason: 'EACCES' },
    /nothing was written: \/d\/a\.yaml: EACCES/,
  ],
  listener_failed: [{ kind: 'listener_failed', reason: 'EACCES' }, /EACCES.*not traced/],
  untraced: [{ kind: 'untraced', reason: 'EACCES' }, /not traced: EACCES/],
};

test.each(Object.values(failures))('failure $kind', (failure, expected) => {
  const text = failureText(failure);
  expect(text).toMatch(/^ai-trace: /);
  expect(text).toMatch(expected);
  expect(text.replaceAll('/dev/null', '')).not.toMatch(/undefined|null|NaN|\[object/);
});

test.each(['not-a-table', 'not-a-price', 'missing', 'unknown-key', 'star-not-last'] as const)(
  'a bad price says why: %s',
  (reason) => {
    expect(failureText({ kind: 'bad_price', source: '/c', key: 'k', reason })).toMatch(
      /is not valid: \w.{10,}$/,
    );
  },
);

test.each([
  noticeText({ kind: 'unreadable_settings', value: 'a\u001b[2Jb' }),
  failureText({ kind: 'unknown_command', word: 'a\u001b[2Jb', known: [], nearest: null }),
  failureText({ kind: 'bad_value', source: 's', key: 'k', value: 'a\u001b[2Jb', reason: 'r' }),
])('what the user typed cannot steer the terminal: %j', (text) => {
  expect(text).not.toContain('\u001b');
});

describe('advice', () => {
  test.each(errorTypes)('for %s is there, for every CLI', (type) => {
    for (const provider of ['codex', 'gemini', 'claude', 'a fourth one']) {
      expect(adviceFor(type, provider)).toMatch(/^\S.{10,}$/);
    }
  });

  test('for a login names the CLI’s own way', () => {
    expect(adviceFor('auth', 'codex')).toContain('codex login');
    expect(adviceFor('auth', 'gemini')).toContain('/auth');
    expect(adviceFor('auth', 'claude')).toContain('/login');
  });
});

describe('what stands behind the cost', () => {
  const note = (change: Partial<ReturnType<typeof receipt>['cost']>, models = receipt().models) =>
    costNote(receipt({ cost: { ...receipt().cost, ...change }, models }));

  test.each([
    ['reported', /^reported by the CLI/],
    ['computed', /^from list prices/],
    ['mixed', /^reported and list prices/],
  ] as const)('source %s', (source, expected) => {
    expect(note({ source })).toMatch(expected);
  });

  test.each([
    ['api', /billed to your API key/],
    ['subscription', /API-equivalent/],
    ['unknown', /does not say/],
  ] as const)('billing %s', (billing, expected) => {
    expect(note({ billing })).toMatch(expected);
  });

  test('the models that are estimated, once each', () => {
    const [row] = receipt().models;
    if (!row) throw new Error('no model');
    const rows = [
      { ...row, model: 'known' },
      { ...row, model: 'new', estimated: true },
      { ...row, model: 'new', estimated: true, role: 'utility' as const },
    ];
    expect(note({ estimated: true }, rows)).toMatch(/, estimate for new; /);
    expect(note({}, [row])).not.toContain('estimate');
  });
});

describe('a destination', () => {
  const url = 'http://127.0.0.1:4318';
  test.each([
    ['ok', null, url],
    ['unreachable', 'ECONNREFUSED', `nothing was listening on ${url}`],
    ['unreachable', 'no answer in time', `${url} could not be reached (no answer in time)`],
    ['rejected', 'HTTP 401', `${url} refused it (HTTP 401)`],
  ] as const)('%s, %s', (state, last_error, expected) => {
    expect(destinationText({ url, state, last_error })).toBe(expected);
  });

  test('whose records wait on disk', () => {
    expect(spooledText(3)).toMatch(/^3 records kept on disk.*ai-trace flush/);
  });

  test('that did not take everything', () => {
    expect(droppedText(1)).toMatch(/^1 record not delivered/);
    expect(droppedText(7)).toMatch(/^7 records not delivered/);
  });
});

describe('what a flush did', () => {
  const url = 'http://c:4318';
  const none = { records: 0, bytes: 0 };

  test('all sent', () => {
    const cause = { state: 'ok', reason: null } as const;
    expect(flushedText({ url, sent: { records: 12, bytes: 3400 }, left: none, cause })).toBe(
      'sent 12 records (3 kB) to http://c:4318',
    );
  });

  test('a part sent', () => {
    const cause = { state: 'unreachable', reason: 'ECONNREFUSED' } as const;
    const text = flushedText({
      url,
      sent: { records: 1, bytes: 10 },
      left: { records: 2, bytes: 20 },
      cause,
    });
    expect(text.split('\n')).toEqual([
      'sent 1 record (10 B) to http://c:4318',
      '2 records (20 B) stay on disk: nothing was listening on http://c:4318',
    ]);
  });

  test('without the credentials', () => {
    const text = flushedText({ url, sent: none, left: { records: 2, bytes: 20 }, cause: 'no_credentials' });
    expect(text).toMatch(/^2 records \(20 B\) stay on disk: .*never kept.*--forward http:\/\/c:4318/);
  });
});
