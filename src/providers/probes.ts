import { claudeProbe } from './claude/probe.ts';
import { codexProbe } from './codex/probe.ts';
import { geminiProbe } from './gemini/probe.ts';
import type { Probe } from './probe.ts';
import type { ProviderId } from './provider.ts';

/** Apart from the registry of providers: only `ai-trace doctor` needs them. */
export const probes: Readonly<Record<ProviderId, Probe>> = {
  codex: codexProbe,
  gemini: geminiProbe,
  claude: claudeProbe,
};
