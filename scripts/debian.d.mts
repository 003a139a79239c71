/** null when the programs (program → Debian package) are there, installed if needed, else why they cannot be had; see debian.mjs. */
export function ensurePrograms(packages: Readonly<Record<string, string>>): Promise<string | null>;
/** Absolute path of a program; null when there is none. */
export function programFile(program: string): string | null;
