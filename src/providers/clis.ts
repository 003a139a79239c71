import { claudeCli } from './claude/cli.ts';
import { codexCli } from './codex/cli.ts';
import { geminiCli } from './gemini/cli.ts';
import type { Cli, ProviderId } from './provider.ts';

/** The CLIs, as much as is needed to start one. A fourth one is a line here and one in `index.ts`. */
export const clis: Readonly<Record<ProviderId, Cli>> = {
  codex: codexCli,
  gemini: geminiCli,
  claude: claudeCli,
};

export function isProviderId(word: string | null): word is ProviderId {
  return word !== null && Object.hasOwn(clis, word);
}
