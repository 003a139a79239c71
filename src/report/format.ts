/** Figures for people: few digits, never a figure that says more or less than is known. */

/** 950 · 12.4k · 3.1M */
export function tokens(count: number): string {
  if (count < 1000) return String(count);
  const [value, unit] = count < 999_950 ? [count / 1000, 'k'] : [count / 1e6, 'M'];
  return `${trimmed(value.toFixed(1))}${unit}`;
}

/** $12.34 · $0.0339 · $0.000120; $0 only for nothing at all. */
export function usd(amount: number): string {
  if (amount === 0) return '$0';
  if (amount < 0.001) return `$${amount.toFixed(Math.min(20, 2 - Math.floor(Math.log10(amount))))}`;
  return `$${amount.toFixed(amount < 1 ? 4 : 2)}`;
}

/** 840 ms · 4.2 s · 3 m 12 s · 2 h 5 m */
export function duration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  if (minutes < 60) return `${minutes} m ${Math.round(seconds) % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}

/** 812 B · 34 kB · 1.2 MB */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  if (count < 999_500) return `${Math.round(count / 1000)} kB`;
  return `${(count / 1e6).toFixed(1)} MB`;
}

/** "1 turn", "2 turns" */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * Text from elsewhere (models, tools, vendors) on one line and without control characters: it must not steer
 * the terminal.
 */
export function plain(text: string, limit = 200): string {
  const line = text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .trim();
  if (line.length <= limit) return line;
  // Not in the middle of a character of two code units.
  return `${line.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function trimmed(decimal: string): string {
  return decimal.replace(/\.0$/, '');
}
