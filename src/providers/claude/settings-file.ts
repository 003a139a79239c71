import type { Variables } from '../provider.ts';

export type Settings = Record<string, unknown>;

/** undefined for what is no object of JSON. */
export function parseSettings(json: string | undefined): Settings | undefined {
  if (json === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Settings)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The `env` table of settings; what is no string in it is not for us to judge. */
export function environmentOf(settings: Settings | undefined): Variables {
  const env = settings?.['env'];
  return typeof env === 'object' && env !== null ? (env as Variables) : {};
}
