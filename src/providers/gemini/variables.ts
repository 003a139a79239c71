import type { ConfigPlace, Override } from '../persistent-settings.ts';

/** Values that variables may have beside our settings, by variable; what none of these is wins and defeats them. */
type Harmless = Readonly<Record<string, readonly string[]>>;

/** Process environment, then the first `.env` file there is: both win over every settings file (facts/gemini.md §2.2). */
export function variableOverrides(
  { otlpEndpoint }: { otlpEndpoint: string },
  place: ConfigPlace,
  home: string,
): Override[] {
  const isTrue = ['true', '1'];
  const harmless: Harmless = {
    GEMINI_TELEMETRY_ENABLED: isTrue,
    GEMINI_TELEMETRY_TARGET: ['local'],
    GEMINI_TELEMETRY_OTLP_PROTOCOL: ['http'],
    GEMINI_TELEMETRY_OTLP_ENDPOINT: [otlpEndpoint],
    // Taken when the one above is not set.
    OTEL_EXPORTER_OTLP_ENDPOINT: [otlpEndpoint],
    GEMINI_TELEMETRY_OUTFILE: [''],
    GEMINI_TELEMETRY_USE_CLI_AUTH: ['false', '0', ''],
    GEMINI_TELEMETRY_LOG_PROMPTS: ['false', '0', ''],
    GEMINI_TELEMETRY_TRACES_ENABLED: isTrue,
    OTEL_SDK_DISABLED: ['false', ''],
    OTEL_TRACES_SAMPLER: ['always_on', 'parentbased_always_on', ''],
  };
  const overrides: Override[] = [];
  const keys = harmful(place.env, harmless);
  if (keys.length > 0) overrides.push({ layer: 'environment', keys });
  const file = envFile(place, home);
  if (file !== undefined) {
    const inFile = harmful(file.variables, harmless).filter((name) => place.env[name] === undefined);
    if (inFile.length > 0) overrides.push({ layer: 'environment', file: file.path, keys: inFile });
  }
  return overrides;
}

function harmful(variables: ConfigPlace['env'], harmless: Harmless): string[] {
  return Object.entries(harmless).flatMap(([name, values]) => {
    const value = variables[name];
    return value === undefined || values.includes(value) ? [] : [name];
  });
}

/** From the current folder upwards `.gemini/.env` before `.env`, then the home's (the program's text, 0.61.0). */
function envFile({ cwd, readFile }: ConfigPlace, home: string) {
  const folders = cwd.split('/').map((_, depth, names) => names.slice(0, names.length - depth).join('/'));
  for (const folder of [...folders, home]) {
    for (const path of [`${folder}/.gemini/.env`, `${folder}/.env`]) {
      const text = readFile(path);
      if (text !== undefined) return { path, variables: variablesIn(text) };
    }
  }
  return undefined;
}

/** `NAME=value`, with `export` or quotes or without. */
function variablesIn(text: string): Record<string, string> {
  const line = /^[ \t]*(?:export[ \t]+)?([A-Z_]+)[ \t]*=[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\n#]*))/gm;
  return Object.fromEntries(
    [...text.matchAll(line)].map(([, name, ...values]) => [name, (values.find((each) => each) ?? '').trim()]),
  );
}
