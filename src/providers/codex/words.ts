/** What Codex's command line says of its configuration (`codex --help`, seen on 0.169.0). */
export interface ConfigWords {
  /** `-c KEY=VALUE`, in order. */
  settings: { key: string; value: string }[];
  /** `-p NAME`: a file of its own beside config.toml. Tables `[profiles.…]` are not read any more. */
  profile: string | undefined;
  /** Neither config.toml nor the profile count. */
  ignoresUserConfig: boolean;
}

/** `-c V`, `-c=V`, `-cV`, `--config V` and `--config=V`; the same of the profile. */
const option =
  /^(?:(?<alone>--config|--profile|-c|-p)$|(?<name>--config=|--profile=|-c=?|-p=?)(?<value>.+)$)/s;

export function configWords(args: readonly string[]): ConfigWords {
  const end = args.indexOf('--');
  const words = end < 0 ? args : args.slice(0, end);
  const found: ConfigWords = { settings: [], profile: undefined, ignoresUserConfig: false };
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (word === '--ignore-user-config') found.ignoresUserConfig = true;
    const { alone, name = alone, value } = option.exec(word)?.groups ?? {};
    if (name === undefined) continue;
    const given = alone === undefined ? value : words[++i];
    if (given === undefined) continue;
    if (/^--?p/.test(name)) found.profile = given;
    else found.settings.push(keyAndValue(given));
  }
  return found;
}

function keyAndValue(setting: string): { key: string; value: string } {
  const at = setting.indexOf('=');
  if (at < 0) return { key: setting.trim(), value: '' };
  return { key: setting.slice(0, at).trim(), value: setting.slice(at + 1).trim() };
}
