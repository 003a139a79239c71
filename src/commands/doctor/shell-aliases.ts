import { join } from 'node:path';
import { told } from '../../report/doctor-messages.ts';
import type { Finding } from '../../report/doctor-report.ts';

/** Files that shells read at their start; `ZDOTDIR` and includes of the user's own are not followed. */
const startFiles = ['.bashrc', '.bash_aliases', '.zshrc', '.config/fish/config.fish'];

/** Aliases of the user that take the CLI's name and lead past ai-trace. What they say is not told. */
export function strayAliases(
  command: string,
  home: string,
  readFile: (path: string) => string | undefined,
): Finding[] {
  const alias = new RegExp(`^\\s*alias\\s+(-g\\s+)?${command}(=|\\s)`);
  return startFiles.flatMap((name) => {
    const file = join(home, name);
    const lines = (readFile(file) ?? '').split('\n');
    return lines.flatMap((text, at) =>
      alias.test(text) && !text.includes('ai-trace')
        ? [told({ kind: 'shell_alias', command, file, line: at + 1 })]
        : [],
    );
  });
}
