/** Something was left out, and the run goes on. */
export type Warning =
  | { kind: 'unreadable_file'; file: string; reason: string }
  | { kind: 'unknown_key'; file: string; key: string }
  /** The key is known, but a project file must not set it. */
  | { kind: 'unsafe_key'; file: string; key: string }
  /** The user's OTEL_EXPORTER_OTLP_ENDPOINT speaks gRPC and this version does not: the default is used. */
  | { kind: 'grpc_endpoint'; endpoint: string }
  /** Parts of OTEL_EXPORTER_OTLP_HEADERS are no headers and were left out. */
  | { kind: 'malformed_headers' };
