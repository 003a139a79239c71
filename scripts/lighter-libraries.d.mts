import type { Plugin } from 'esbuild';

/** Plugins for the build: libraries without the parts that no session uses. */
export const lighterLibraries: readonly Plugin[];
