import type { Cli } from '../provider.ts';
import { geminiInjection } from './environment.ts';

/** Google Gemini CLI as it is started; what is told of it is from facts/gemini.md. */
export const geminiCli: Cli = {
  id: 'gemini',
  title: 'Gemini CLI',
  command: 'gemini',
  npmPackage: '@google/gemini-cli',
  // `GEMINI_TELEMETRY_…` variables: 0.6.1 of @google/gemini-cli-core has none, 0.7.0 has them.
  firstVersion: () => '0.7.0',
  versionInPath: /\/Cellar\/gemini-cli\/([^/]+)\//,
  serviceName: 'gemini-cli',
  vendor: 'google',
  genAiProvider: 'gcp.gemini',
  operationName: 'generate_content',
  reportsReasoning: true,
  signalTree: true,
  sessionless: ['mcp', 'extensions', 'extension', 'skills', 'skill', 'hooks', 'hook', 'gemma'],
  inject: geminiInjection,
};
