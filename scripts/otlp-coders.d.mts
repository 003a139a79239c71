import type { Plugin } from 'esbuild';

/** Plugin for the build: src/otlp/coders.ts with the functions in it that it would generate. */
export const otlpCoders: Plugin;
