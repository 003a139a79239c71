/** Something was left out, and the run goes on. */
export type Warning =
  | { kind: 'unreadable_file'; file: string; reason: string }
  | { kind: 'unknown_key'; file: string; key: string }
  /** The key is known, but a project file must not set it. */
  | { kind: 'unsafe_key'; file: string; key: string }
  /** Other users of the machine may read the file of headers, which hold secrets as a rule. */
  | { kind: 'readable_headers_file'; file: string }
  /** Parts of OTEL_EXPORTER_OTLP_HEADERS are no headers and were left out. */
  | { kind: 'malformed_headers' };
