import type { Plugin } from 'esbuild';

/** Plugin for the build: src/otlp/definitions.ts with what it would make when it is loaded. */
export const otlpDefinitions: Plugin;
