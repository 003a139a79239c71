import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Signal } from '../../../src/otlp/types.ts';

/** One recorded request of a real CLI; the folders are described in test/fixtures/captures. */
export interface Capture {
  /** `codex/exec-plain/0001-traces.pb` */
  name: string;
  signal: Signal;
  contentType: string;
  body: Uint8Array;
}

export interface Scenario {
  name: string;
  cli: 'codex' | 'gemini' | 'claude';
  captures: Capture[];
  /** What the scenario's expected.json says it holds. */
  records: { logs: number; spans: number; metric_points: number };
}

const root = fileURLToPath(new URL('../../fixtures/captures', import.meta.url));

export function scenarios(): Scenario[] {
  return (['codex', 'gemini', 'claude'] as const).flatMap((cli) =>
    readdirSync(`${root}/${cli}`).map((folder) => readScenario(cli, folder)),
  );
}

function readScenario(cli: Scenario['cli'], folder: string): Scenario {
  const name = `${cli}/${folder}`;
  const metas = readdirSync(`${root}/${name}`).filter((file) => file.endsWith('.meta.json'));
  return {
    name,
    cli,
    captures: metas.map((meta) => readCapture(name, meta)),
    records: readJson(`${root}/${name}/expected.json`).records,
  };
}

function readCapture(scenario: string, metaFile: string): Capture {
  const meta = readJson(`${root}/${scenario}/${metaFile}`);
  const contentType: string = meta.headers['content-type'];
  const file = metaFile.replace('.meta.json', contentType === 'application/json' ? '.json' : '.pb');
  return {
    name: `${scenario}/${file}`,
    signal: meta.signal,
    contentType,
    body: readFileSync(`${root}/${scenario}/${file}`),
  };
}

function readJson(path: string) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
