import { claude } from './claude/claude.ts';
import { codex } from './codex/codex.ts';
import { gemini } from './gemini/gemini.ts';
import type { Provider, ProviderId } from './provider.ts';

/** The CLIs. A fourth one is a line here, one in `clis.ts`, a folder of its own and its fixtures. */
export const providers: Readonly<Record<ProviderId, Provider>> = { codex, gemini, claude };
