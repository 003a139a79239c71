import type { Cli } from '../provider.ts';
import { mergedSettings } from './settings.ts';

/** Anthropic Claude Code as it is started; what is told of it is from facts/claude.md. */
export const claudeCli: Cli = {
  id: 'claude',
  title: 'Claude Code',
  command: 'claude',
  npmPackage: '@anthropic-ai/claude-code',
  // `--settings` came with it (its change log); older ones end at the unknown option.
  firstVersion: () => '1.0.61',
  versionInPath: /\/(?:claude\/versions|Caskroom\/claude-code[^/]*)\/([^/]+)/,
  serviceName: 'claude-code',
  vendor: 'anthropic',
  fallbackModel: 'claude-opus-5-5',
  genAiProvider: 'anthropic',
  operationName: 'chat',
  reportsReasoning: false,
  signalTree: false,
  sessionless: [
    'agents',
    'auth',
    'auto-mode',
    'doctor',
    'gateway',
    'import',
    'install',
    'logs',
    'mcp',
    'plugin',
    'plugins',
    'purge',
    'rm',
    'setup-token',
    'stop',
    'kill',
    'update',
    'upgrade',
  ],
  inject: async (context) => mergedSettings(context),
};
