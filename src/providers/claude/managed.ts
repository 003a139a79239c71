import type { InjectionConflict, InjectionContext } from '../provider.ts';
import { environmentOf, parseSettings, type Settings } from './settings-file.ts';

/** Where an administrator's settings are (the program's text, 2.1.329). */
const folders: Partial<Record<NodeJS.Platform, string>> = {
  darwin: '/Library/Application Support/ClaudeCode',
  win32: 'C:\\Program Files\\ClaudeCode',
};

type Machine = Pick<InjectionContext, 'platform' | 'readFile' | 'listFolder'>;

/**
 * Managed settings beat everything and cannot be redirected: told to the user, not fought (facts/claude.md
 * §2.1). They are one file and a folder of drop-ins beside it; what comes from a server or a device profile is
 * not seen here.
 */
export function managedConflicts(context: Machine): InjectionConflict[] {
  const files = managedSettings(context)
    .map(({ file, settings }) => ({ file, keys: telemetryKeys(settings) }))
    .filter(({ keys }) => keys.length > 0);
  // A drop-in may have the endpoint that belongs to the headers of another file.
  const isSilent = dropsEndpoints(files.flatMap(({ keys }) => keys));
  return files.map(({ file, keys }) => ({ kind: 'managed_settings', file, keys, isSilent }));
}

/** Each file there may be; one that is not there has no settings. */
export function managedSettings(machine: Machine): { file: string; settings: Settings }[] {
  return managedFiles(machine).map((file) => ({
    file,
    settings: parseSettings(machine.readFile(file)) ?? {},
  }));
}

function managedFiles({ platform, listFolder }: Machine): string[] {
  const folder = folders[platform] ?? '/etc/claude-code';
  const slash = platform === 'win32' ? '\\' : '/';
  const dropIns = `${folder}${slash}managed-settings.d`;
  return [
    `${folder}${slash}managed-settings.json`,
    ...listFolder(dropIns)
      .filter((name) => name.endsWith('.json'))
      .map((name) => `${dropIns}${slash}${name}`),
  ];
}

/** A program that makes headers (`otelHeadersHelper`) counts as headers do. */
function telemetryKeys(settings: Settings): string[] {
  const keys = Object.keys(environmentOf(settings)).filter(
    (key) => key.startsWith('OTEL_') || key.includes('TELEMETRY'),
  );
  return settings['otelHeadersHelper'] ? [...keys, 'otelHeadersHelper'] : keys;
}

/** Claude then drops every endpoint that is not managed, so that nobody else gets what the headers open. */
function dropsEndpoints(keys: readonly string[]): boolean {
  const hasHeaders = keys.some((key) => key === 'otelHeadersHelper' || key === 'OTEL_EXPORTER_OTLP_HEADERS');
  return hasHeaders && !keys.some((key) => key.endsWith('_ENDPOINT'));
}
