import { addUsage, noUsage, type Usage } from '../../../src/session/usage.ts';

export interface MockApi {
  /** `http://127.0.0.1:PORT`, without a path. */
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** What the mock dictated, in order: the truth a receipt is compared with. */
  readonly spent: readonly Spent[];
  /** Also drops the connections that are still open. */
  close(): Promise<void>;
}

export interface RecordedRequest {
  /** An HTTP method, or `WS` for a frame that came over a WebSocket. */
  method: string;
  /** With the query. */
  path: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed JSON; null when there was none. */
  body: unknown;
}

/** Who asked: the user's conversation, a sub-agent's, or a helper call the CLI makes for itself. */
export type Role = 'main' | 'subagent' | 'utility';

/**
 * One model call; `unfinished` = its stream was cut or left hanging, so the CLI never saw the final usage. The model of a
 * refused WebSocket handshake is empty: it names none.
 */
export type Spent = { model: string; role: Role } & (
  | { kind: 'answered'; usage: Usage }
  | { kind: 'refused'; status: number }
  | { kind: 'unfinished' }
);

/** Number and sum of the answered calls, of all roles or of one. */
export function answered(spent: readonly Spent[], role?: Role): { calls: number; usage: Usage } {
  let calls = 0;
  let usage: Usage = noUsage;
  for (const call of spent) {
    if (call.kind !== 'answered' || (role && call.role !== role)) continue;
    calls += 1;
    usage = addUsage(usage, call.usage);
  }
  return { calls, usage };
}

/** The statuses of the refused calls, in order. */
export function refusals(spent: readonly Spent[]): number[] {
  return spent.flatMap((call) => (call.kind === 'refused' ? [call.status] : []));
}
