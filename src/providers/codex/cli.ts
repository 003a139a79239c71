import type { Cli } from '../provider.ts';
import { codexInjection } from './config.ts';

/** OpenAI Codex CLI as it is started; what is told of it is from facts/codex.md. */
export const codexCli: Cli = {
  id: 'codex',
  title: 'Codex CLI',
  command: 'codex',
  npmPackage: '@openai/codex',
  // Measured: 0.58.0 does not start with our settings (`missing field headers`), 0.63.0 does; without a terminal
  // 0.163.0 sends nothing, 0.164.0 all.
  firstVersion: (args) => (args.includes('exec') ? '0.164.0' : '0.63.0'),
  versionInPath: /\/(?:Cellar|Caskroom)\/codex\/([^/]+)\//,
  serviceName: 'codex',
  vendor: 'openai',
  genAiProvider: 'openai',
  operationName: 'chat',
  reportsReasoning: true,
  signalTree: false,
  sessionless: [
    'login',
    'logout',
    'mcp',
    'plugin',
    'completion',
    'update',
    'doctor',
    'apply',
    'archive',
    'unarchive',
    'delete',
    'features',
    'help',
  ],
  inject: codexInjection,
};
