/** null when the desktop's programs are there (installed if needed), else why they cannot be had; see desktop.mjs. */
export function ensureDesktop(): Promise<string | null>;
