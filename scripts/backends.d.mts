/** Builds the OpenTelemetry Collector if needed; see backends.mjs. Gives the absolute path of its executable. */
export function ensureCollector(): Promise<string>;
