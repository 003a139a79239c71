import { expect, test } from 'vitest';
import { foreignMachine } from '../../../src/launcher/foreign-program.ts';

/** The beginning of an ELF program for a machine, in one of the two byte orders. */
function header(machine: number, order: 'little' | 'big' = 'little'): string {
  const bytes = Buffer.alloc(64);
  bytes.write('\x7fELF\x02', 'latin1');
  bytes[5] = order === 'little' ? 1 : 2;
  if (order === 'little') bytes.writeUInt16LE(machine, 18);
  else bytes.writeUInt16BE(machine, 18);
  return bytes.toString('latin1');
}

test.each([
  [62, 'x64'],
  [3, 'x64'],
  [183, 'arm64'],
  [40, 'arm64'],
  [243, 'riscv64'],
])('machine %i runs on %s', (machine, arch) => {
  expect(foreignMachine(header(machine), arch)).toBeNull();
});

test.each([
  [183, 'x64', 'arm64'],
  [62, 'arm64', 'x86-64'],
  [62, 'ia32', 'x86-64'],
  [999, 'x64', 'machine 999'],
])('machine %i does not run on %s: it is %s', (machine, arch, name) => {
  expect(foreignMachine(header(machine), arch)).toBe(name);
});

test('the other byte order is read', () => {
  expect(foreignMachine(header(22, 'big'), 's390x')).toBeNull();
  expect(foreignMachine(header(22, 'big'), 'x64')).toBe('s390x');
});

test.each([
  ['a script', '#!/bin/sh\n'],
  ['a text', 'echo hi\n'],
  ['nothing', ''],
  ['a header cut off', header(183).slice(0, 19)],
])('%s is for no other machine', (_, head) => {
  expect(foreignMachine(head, 'x64')).toBeNull();
});

test('on a machine that is not known here nothing is foreign', () => {
  expect(foreignMachine(header(62), 'loong64')).toBeNull();
});
