import { text } from '../../otlp/attributes.ts';
import type { KeyValue, LogRecord } from '../../otlp/types.ts';
import type { LlmErrorEvent, Origin, PromptEvent, UnixMs } from '../../session/event.ts';
import { contentOf } from './origin.ts';

/** Who gave each prompt, and which of them a person took back (facts/claude.md §6, §8). */
export class ClaudePrompts {
  /** Background sub-agents that ended: each makes Claude prompt itself, with nothing to tell it from a person. */
  #announced = 0;
  /** A person's prompts by trace. */
  readonly #asked = new Map<string, PromptEvent>();
  readonly #ended = new Map<string, UnixMs>();

  prompt({ attributes }: LogRecord, origin: Origin, at: UnixMs): PromptEvent {
    const said = contentOf(attributes, 'prompt');
    const author = this.#author(attributes);
    const prompt: PromptEvent = {
      kind: 'prompt',
      ...origin,
      author,
      at,
      ...(said !== undefined && { text: said }),
    };
    if (origin.traceId && author === 'person') this.#asked.set(origin.traceId, prompt);
    return prompt;
  }

  /** A sub-agent in the background has ended. */
  announce(): void {
    this.#announced += 1;
  }

  end({ traceId }: Origin, endedAt: UnixMs): void {
    if (traceId) this.#ended.set(traceId, endedAt);
  }

  /** A prompt whose turn ended without any answer or failure of the model was stopped by the user. */
  cancelled(isAnswered: (traceId: string) => boolean): LlmErrorEvent[] {
    return [...this.#asked].flatMap(([traceId, { sessionId, turnKey }]): LlmErrorEvent[] => {
      const at = this.#ended.get(traceId);
      if (at === undefined || isAnswered(traceId)) return [];
      const origin = { sessionId, traceId, ...(turnKey && { turnKey }) };
      const errorId = `${traceId}|cancelled`;
      return [{ kind: 'llm_error', ...origin, errorId, type: 'cancelled', message: '', at, role: 'main' }];
    });
  }

  #author(attributes: KeyValue[]): 'person' | 'synthetic' {
    // A built-in command such as /compact asks the model nothing for the person.
    if (text(attributes, 'command_source') === 'builtin') return 'synthetic';
    if (this.#announced === 0) return 'person';
    this.#announced -= 1;
    return 'synthetic';
  }
}
