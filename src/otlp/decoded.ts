import type { ExportRequests, Signal } from './types.ts';

/**
 * `reason` tells where a malformed body broke (a field's name or a byte offset), never what the body says: it
 * may reach the receipt, and bodies hold prompts.
 */
export interface Undecodable {
  ok: false;
  kind: 'media_type' | 'malformed';
  reason: string;
}

export type Decoded<S extends Signal> = { ok: true; request: ExportRequests[S] } | Undecodable;

export function malformed(reason: string): Undecodable {
  return { ok: false, kind: 'malformed', reason };
}
