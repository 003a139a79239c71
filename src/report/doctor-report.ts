/** One finding for people and for programs: `kind` never changes its meaning, `text` may change its words. */
export interface Finding {
  kind: string;
  /** What happened and what to do, without any secret. */
  text: string;
}

/** The links of the chain, in the order they are looked at. */
export type LinkName =
  | 'configuration'
  | 'files'
  | 'found'
  | 'version'
  | 'started'
  | 'received'
  | 'understood'
  | 'delivered'
  | 'stored';

/** What one link is of: ai-trace itself, a CLI, an address or a store. */
export type LinkOf =
  | { what: 'ai-trace' }
  | { what: 'cli'; name: string }
  | { what: 'destination'; name: string }
  | { what: 'store'; name: 'tempo' | 'loki' | 'prometheus' };

export interface DoctorLink {
  link: LinkName;
  of: LinkOf;
  /** `skipped`: it cannot be told, because of an earlier link or because nobody wants it. */
  state: 'ok' | 'broken' | 'skipped';
  /** How long it took; null where nothing was waited for. */
  ms: number | null;
  /** What was seen. */
  text: string;
  /** Why it is broken; empty unless it is. */
  problems: Finding[];
  /** What does not break it, and is worth to know. */
  warnings: Finding[];
}

/** What `ai-trace doctor --json` prints: names and units are a public contract (docs/doctor.md). */
export interface DoctorReport {
  schema: 1;
  /** Of ai-trace. */
  version: string;
  /** A UUID; without its dashes the id of the probe's trace. */
  probe_id: string;
  /** ISO 8601. */
  started_at: string;
  duration_ms: number;
  /** No link is broken. */
  ok: boolean;
  links: DoctorLink[];
}
