import type { Parsed } from './option.ts';

/** Reads one word of a fixed list; the last of several texts counts. */
export function parseChoice<T extends string>(
  choices: readonly T[],
): (texts: readonly string[]) => Parsed<T> {
  return (texts) => {
    const text = texts.at(-1) ?? '';
    const choice = choices.find((each) => each === text);
    if (choice === undefined) return { ok: false, value: text, reason: `not one of ${choices.join(', ')}` };
    return { ok: true, value: choice };
  };
}

export function parseSwitch(texts: readonly string[]): Parsed<boolean> {
  const text = texts.at(-1) ?? '';
  if (/^(1|true|yes|on)$/i.test(text)) return { ok: true, value: true };
  if (/^(0|false|no|off)$/i.test(text)) return { ok: true, value: false };
  return { ok: false, value: text, reason: 'neither true nor false' };
}

/** A share: a plain decimal number from 0 to 1. */
export function parseShare(texts: readonly string[]): Parsed<number> {
  const text = texts.at(-1) ?? '';
  const share = /^\d*\.?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (share >= 0 && share <= 1) return { ok: true, value: share };
  return { ok: false, value: text, reason: 'not a number from 0 to 1' };
}

/** MiB → bytes. */
export function parseMebibytes(texts: readonly string[]): Parsed<number> {
  const text = texts.at(-1) ?? '';
  if (/^\d+(\.\d+)?$/.test(text.trim())) return { ok: true, value: Math.round(Number(text) * 1024 * 1024) };
  return { ok: false, value: text, reason: 'not a number of MiB' };
}
