import { claudePersistent } from './claude/persistent.ts';
import { codexPersistent } from './codex/persistent.ts';
import { geminiPersistent } from './gemini/persistent.ts';
import type { PersistentSettings } from './persistent-settings.ts';
import type { ProviderId } from './provider.ts';

/** Apart from the registry of providers: a session needs nothing of it. */
export const persistentSettings: Readonly<Record<ProviderId, PersistentSettings>> = {
  codex: codexPersistent,
  gemini: geminiPersistent,
  claude: claudePersistent,
};
