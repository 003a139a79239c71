export type LineBreak = '\n' | '\r\n';

/** The one a text uses; of two the one that Windows' editors leave. */
export function lineBreakOf(text: string): LineBreak {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
