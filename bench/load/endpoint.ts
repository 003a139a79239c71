export interface LogsEndpoint {
  url: URL;
  headers: Record<string, string>;
}

/** Where a stand-in is to send its logs, as Codex reads it: its own settings on the command line, OpenTelemetry's variables beside. */
export function logsEndpoint(args: readonly string[], env: NodeJS.ProcessEnv): LogsEndpoint {
  const words = args.flatMap((word) => /endpoint="([^"]+\/v1\/logs)"/.exec(word)?.[1] ?? []);
  const pairs = (env['OTEL_EXPORTER_OTLP_HEADERS'] ?? '').split(',').filter(Boolean);
  const headers = pairs.map((pair) => {
    const [key = '', ...value] = pair.split('=');
    return [key.trim(), decodeURIComponent(value.join('=').trim())];
  });
  return {
    url: new URL(words[0] ?? ''),
    headers: { 'content-type': 'application/x-protobuf', ...Object.fromEntries(headers) },
  };
}
