export type BackendName = 'collector' | 'prometheus' | 'loki' | 'phoenix' | 'alloy';

/** The absolute path of its executable (Phoenix: of the Python to run it with), or why it cannot be had. */
export type Backend = { executable: string } | { missing: string };

/** Makes all that are missing; see backends.mjs. */
export function ensureBackends(): Promise<Record<BackendName, Backend>>;
