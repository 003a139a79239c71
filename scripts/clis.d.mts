export type CliName = 'codex' | 'gemini' | 'claude';

export const clis: Readonly<Record<CliName, { package: string; version: string; scripts: boolean }>>;

/** Installs the CLI if needed; see clis.mjs. Gives the absolute path of its executable. */
export function ensureCli(name: CliName): Promise<string>;
