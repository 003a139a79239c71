/** `e_machine` in the header of an ELF program (System V ABI, generic, "ELF Header"). */
const machines: Readonly<Record<number, string>> = {
  3: 'x86',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'x86-64',
  183: 'arm64',
  243: 'riscv64',
};

/** What runs on Node's `process.arch`, 32-bit programs included. */
const runnable: Readonly<Record<string, readonly number[]>> = {
  x64: [62, 3],
  arm64: [183, 40],
  ia32: [3],
  arm: [40],
  ppc64: [21],
  s390x: [22],
  riscv64: [243],
};

/**
 * The machine that a Linux program was made for, when it is not this one; null otherwise. Asked before the start: what the kernel
 * refuses, the C library hands to /bin/sh as a script, whose complaints nobody understands.
 * @param head the file's first bytes, each as a character
 */
export function foreignMachine(head: string, arch: string): string | null {
  const known = runnable[arch];
  if (!head.startsWith('\x7fELF') || head.length < 20 || known === undefined) return null;
  const isLittleEndian = head.charCodeAt(5) === 1;
  const [low, high] = isLittleEndian ? [18, 19] : [19, 18];
  const machine = head.charCodeAt(low) + 256 * head.charCodeAt(high);
  return known.includes(machine) ? null : (machines[machine] ?? `machine ${machine}`);
}
