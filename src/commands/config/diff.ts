import { structuredPatch } from 'diff';
import { plain } from '../../report/format.ts';

/** What would be written, as a unified diff for people; `color` for a terminal. */
export function diffText(file: string, before: string | undefined, after: string, color: boolean): string {
  const paint = (code: string, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const { hunks } = structuredPatch(file, file, before ?? '', after, undefined, undefined, { context: 3 });
  const lines = hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines: changes }) => [
    paint('36', `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`),
    ...changes.map((change) => {
      const line = shown(change);
      if (line.startsWith('+')) return paint('32', line);
      return line.startsWith('-') ? paint('31', line) : line;
    }),
  ]);
  return [
    paint('1', `--- ${before === undefined ? '/dev/null' : plain(file)}`),
    paint('1', `+++ ${plain(file)}`),
    ...lines,
    '',
  ].join('\n');
}

/** Tabs and what else indents stay; what steers a terminal does not. */
function shown(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
  return line.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '');
}
