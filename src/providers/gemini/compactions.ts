import { num, text } from '../../otlp/attributes.ts';
import type { LogRecord } from '../../otlp/types.ts';
import type { AgentEvent, Origin, UnixMs } from '../../session/event.ts';
import { timeOf, traceOf } from './records.ts';

/** A summary that is under way: asked for once, and then once more to be verified. */
interface Compaction {
  promptId: string;
  startedAt: UnixMs;
  origin: Origin;
}

/**
 * Summaries that make room. Their record tells the sizes alone; when one began, and whose it is, its requests
 * tell, of the role `utility_compressor`. Such a request may also be made for something else, so it counts only
 * before such a record.
 */
export class Compactions {
  readonly #open = new Map<string, Compaction>();

  requested(record: LogRecord, origin: Origin): void {
    const promptId = text(record.attributes, 'prompt_id') ?? '';
    if (text(record.attributes, 'role') !== 'utility_compressor') return;
    const known = this.#open.get(origin.sessionId);
    if (known && promptId === `${known.promptId}-verify`) return;
    this.#open.set(origin.sessionId, { promptId, startedAt: timeOf(record), origin });
  }

  compacted(record: LogRecord, sessionId: string): AgentEvent {
    const { attributes } = record;
    const known = this.#open.get(sessionId);
    this.#open.delete(sessionId);
    const tokensBefore = num(attributes, 'tokens_before');
    const tokensAfter = num(attributes, 'tokens_after');
    const endedAt = timeOf(record);
    return {
      kind: 'compaction',
      sessionId,
      ...known?.origin,
      ...traceOf(record),
      // The command /compress makes up a prompt id of its own.
      ...(known && { trigger: known.promptId.startsWith('compress-') ? 'manual' : 'auto' }),
      // One that failed leaves the size as it was.
      ...(tokensBefore !== undefined && tokensAfter !== undefined && { success: tokensAfter < tokensBefore }),
      ...(tokensBefore !== undefined && { tokensBefore }),
      ...(tokensAfter !== undefined && { tokensAfter }),
      startedAt: known?.startedAt ?? endedAt,
      endedAt,
    };
  }
}
