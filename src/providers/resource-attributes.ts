/**
 * OTEL_RESOURCE_ATTRIBUTES with our run id appended to the user's own value (format: OpenTelemetry
 * specification, resource SDK, "Specifying resource information via an environment variable").
 */
export function withRunId(own: string | undefined, runId: string): string {
  const kept = own?.trim().replace(/,+$/, '');
  const ours = `ai_trace.run.id=${runId}`;
  return kept ? `${kept},${ours}` : ours;
}
