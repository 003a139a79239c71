import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ProviderId } from '../../src/providers/provider.ts';

/** An awkward file of a CLI's settings. */
export interface ConfigFixture {
  name: string;
  text: string;
  /** It has telemetry settings that are not ours: nothing is written without `force`. */
  isForeign: boolean;
}

const folders: Record<ProviderId, string> = {
  codex: 'codex-toml',
  gemini: 'gemini-jsonc',
  claude: 'claude-jsonc',
};

/** All of `test/fixtures/configs` for one CLI. */
export function configFixtures(id: ProviderId): ConfigFixture[] {
  const folder = fileURLToPath(new URL(`../fixtures/configs/${folders[id]}/`, import.meta.url));
  return readdirSync(folder)
    .sort()
    .map((name) => ({
      name,
      text: readFileSync(`${folder}${name}`, 'utf8'),
      isForeign: name.includes('-foreign-'),
    }));
}
