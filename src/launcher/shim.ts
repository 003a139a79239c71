import { win32 } from 'node:path';

/**
 * What an npm shim (`codex.cmd`, written by npm's cmd-shim) would start. Node refuses to spawn batch files
 * without a shell, and a shell would split the user's arguments, so the shim is read and its target started
 * directly. null: no such shim. Tested with shims' text only, not on Windows.
 */
export function readShim(
  file: string,
  text: string,
  node = process.execPath,
): { file: string; leadingArgs: string[] } | null {
  // The last line that passes all arguments on: "%dp0%\node_modules\pkg\bin\x.js" %*
  const target = /"%(?:~dp0|dp0%)\\([^"]+)"\s+%\*/.exec(text)?.[1];
  if (target === undefined) return null;
  const program = win32.join(win32.dirname(file), target);
  if (/\.exe$/i.test(program)) return { file: program, leadingArgs: [] };
  if (/\.[cm]?js$/i.test(program)) return { file: node, leadingArgs: [program] };
  return null;
}
