import { text } from '../../otlp/attributes.ts';
import { hex } from '../../otlp/hex.ts';
import type { KeyValue, LogRecord, Span } from '../../otlp/types.ts';
import type { Origin } from '../../session/event.ts';

/** Where a record of Claude Code is from; its spans tell no `prompt.id` (facts/claude.md §5.2). */
export function originOf({ attributes, traceId }: LogRecord | Span, sessionId: string): Origin {
  const turnKey = text(attributes, 'prompt.id');
  const agentId = text(attributes, 'agent_id');
  const trace = hex(traceId);
  return {
    sessionId,
    ...(turnKey && { turnKey }),
    ...(trace && { traceId: trace }),
    ...(agentId && { agentId }),
  };
}

/** What was said or done, where Claude was told to send it; it writes `<REDACTED>` where not (facts/claude.md §9). */
export function contentOf(attributes: KeyValue[], key: string): string | undefined {
  const value = text(attributes, key);
  return value === undefined || value === '' || value === '<REDACTED>' ? undefined : value;
}

/** Was a person asked? All sources of a decision that begin with `user` are of one (facts/claude.md §5.1). */
export function isPerson(attributes: KeyValue[]): boolean {
  return text(attributes, 'source')?.startsWith('user') ?? false;
}
