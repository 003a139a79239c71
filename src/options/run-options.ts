import type { Commands } from './commands.ts';
import type { Pairs } from './pairs.ts';
import type { Settings } from './table.ts';

/** Paths of PEM files; a null means the usual authorities, or no client certificate. */
export interface TlsFiles {
  ca: string | null;
  cert: string | null;
  /** null: it is in the file of the certificate. */
  key: string | null;
}

/** A collector, with all that is needed to send to it. */
export interface Collector {
  kind: 'http' | 'grpc';
  /** An OTLP/HTTP base URL without a slash at its end, or `grpc(s)://host:port`. */
  url: string;
  /** Names in lower case. */
  headers: Pairs;
  /** null without TLS, and where nothing was said about it. */
  tls: TlsFiles | null;
}

/** Where telemetry goes. */
export type Destination = Collector | { kind: 'file'; path: string } | { kind: 'none' };

type DestinationSetting =
  | 'forward'
  | 'forwardHeaders'
  | 'forwardHeadersFile'
  | 'forwardCa'
  | 'forwardCert'
  | 'forwardKey';

/** The options of one run, from all sources. Paths are absolute. */
export interface RunOptions extends Omit<Settings, DestinationSetting> {
  /** At least one; `none` stands alone. */
  forward: readonly Destination[];
  /** What to start for a provider, where it is configured. */
  commands: Commands;
  /** Newer list prices may be fetched in the background, once a day. */
  priceUpdates: boolean;
}
