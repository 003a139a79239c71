export interface Endpoint {
  url: URL;
  headers: Record<string, string>;
}

/** Where a stand-in is to send its logs, as Codex reads it: its own settings on the command line, OpenTelemetry's variables beside. */
export function logsEndpoint(args: readonly string[], env: NodeJS.ProcessEnv): Endpoint {
  const words = args.flatMap((word) => /endpoint="([^"]+\/v1\/logs)"/.exec(word)?.[1] ?? []);
  // The variable of the signal hides the general one.
  const given = env['OTEL_EXPORTER_OTLP_LOGS_HEADERS'] ?? env['OTEL_EXPORTER_OTLP_HEADERS'] ?? '';
  const pairs = given.split(',').filter(Boolean);
  const headers = pairs.map((pair) => {
    const [key = '', ...value] = pair.split('=');
    return [key.trim(), decodeURIComponent(value.join('=').trim())];
  });
  return {
    url: new URL(words[0] ?? ''),
    headers: { 'content-type': 'application/x-protobuf', ...Object.fromEntries(headers) },
  };
}

/** What any CLI puts `/v1/<signal>` behind: Codex as above, the others by their variables. */
export function endpointOf(args: readonly string[], env: NodeJS.ProcessEnv): Endpoint {
  const base = env['GEMINI_TELEMETRY_OTLP_ENDPOINT'] ?? env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (base !== undefined) return { url: new URL(base), headers: {} };
  const { url, headers } = logsEndpoint(args, env);
  return { url: new URL('/', url), headers };
}
