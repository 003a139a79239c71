import { text } from '../../otlp/attributes.ts';
import type { Resource } from '../../otlp/types.ts';
import type { AgentEvent, UnixMs } from '../../session/event.ts';

interface Process {
  /** Time of its first record, as far as they have arrived. */
  since: UnixMs;
  sessions: Set<string>;
}

/**
 * Tools inherit the telemetry settings of Gemini CLI (facts/gemini.md §2.5), so a second Gemini CLI that a tool runs
 * reports here as well: its calls are paid, but its prompts are no person's. A process is known by the `session.id`
 * of its resource, which stays when a record's own changes (`/clear`). Ours is the one that began first; a short inner
 * one may be done before the outer one sends anything.
 */
export class Processes {
  readonly #known = new Map<string, Process>();
  #current = '';

  /** Of the records that follow. */
  enter(resource: Resource): void {
    this.#current = text(resource.attributes, 'session.id') ?? '';
  }

  /** @returns what is to be corrected of the sessions known so far. */
  seen(sessionId: string, at: UnixMs): AgentEvent[] {
    const before = this.#ours();
    const from = this.#known.get(this.#current) ?? { since: at, sessions: new Set() };
    this.#known.set(this.#current, from);
    from.since = Math.min(from.since, at);
    const isNew = !from.sessions.has(sessionId);
    from.sessions.add(sessionId);
    if (this.#known.size === 1 || (!isNew && this.#ours() === before)) return [];
    return [...this.#known.values()].flatMap(({ sessions }) =>
      [...sessions].map((id) => ({ kind: 'session', sessionId: id, helper: this.isInner(id) }) as const),
    );
  }

  /** Is it a session of a Gemini CLI that a tool has started? */
  isInner(sessionId: string): boolean {
    const ours = this.#ours();
    return ours !== undefined && this.#known.size > 1 && !ours.sessions.has(sessionId);
  }

  #ours(): Process | undefined {
    return [...this.#known.values()].reduce<Process | undefined>(
      (first, each) => (first && first.since <= each.since ? first : each),
      undefined,
    );
  }
}
