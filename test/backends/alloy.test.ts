import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';

const program = fileURLToPath(new URL('alloy-syntax', import.meta.url));
const templates = fileURLToPath(new URL('../../templates', import.meta.url));
const shipped = readdirSync(templates, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.alloy'),
);

const hasGo = spawnSync('go', ['version']).status === 0;
if (!hasGo) console.error('\nWITHOUT GO, NO .alloy FILE IS READ WITH THE PARSER OF ALLOY\n');

describe.skipIf(!hasGo && !process.env['CI'])('the parser of Alloy', () => {
  test('has files to read', () => {
    expect(shipped.length).toBeGreaterThan(0);
  });

  test.each(shipped)('reads templates/%s, formatted as `alloy fmt` would', (name) => {
    expect(faultsIn(join(templates, name))).toBe('');
  });

  test.each([
    ['half a block', 'otelcol.receiver.otlp "x" {\n', 'expected }, got EOF'],
    ['other white space', 'logging {\n  level = "info"\n}\n', 'not formatted as alloy fmt would'],
  ])('refuses %s', (_, source, fault) => {
    const folder = mkdtempSync(join(tmpdir(), 'ai-trace-alloy-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'faulty.alloy');
    writeFileSync(path, source);
    expect(faultsIn(path)).toContain(fault);
  });
});

function faultsIn(path: string): string {
  const { error, stderr } = spawnSync('go', ['run', '.', path], { cwd: program, encoding: 'utf8' });
  if (error) throw error;
  return stderr;
}
