import { removeAttributes } from '../otlp/attributes.ts';
import { dataPointsOf } from '../otlp/data-points.ts';
import type { ExportRequest, KeyValue, LogRecord, Metric, Span } from '../otlp/types.ts';
import { isContent, isIdentity } from './content-keys.ts';

/** What leaves the machine of what was said and done; `redacted` = without secrets, and cut to a length. */
export type ContentMode = 'none' | 'redacted' | 'full';

/** What a mode does to everything of ours that leaves; what another program sent never comes here. */
export interface ContentPolicy {
  /** Does an attribute of the CLI's go before any of ours join it? Those of ours are the user's own choice. */
  takesOut(key: string): boolean;
  /** Makes a finished request fit to leave, in place. */
  clean(request: ExportRequest): void;
}

/** The rules for secrets are loaded only where they are used: they take longer than all else of ours. */
export async function createContentPolicy(mode: ContentMode): Promise<ContentPolicy> {
  if (mode === 'none') return withoutContent;
  if (mode === 'full') return { takesOut: () => false, clean: () => {} };
  const { Redactor } = await import('./redact.ts');
  const redactor = new Redactor();
  return { takesOut: isIdentity, clean: (request) => redactor.clean(request) };
}

/** Metrics are cleaned like this in every mode: their attributes become labels. */
export const withoutContent: ContentPolicy = {
  takesOut: (key) => isContent(key) || isIdentity(key),
  clean: removeContent,
};

/** Removes in place, from a list of attributes, what does not leave by default. */
export function cleanAttributes(attributes: KeyValue[] | undefined): void {
  if (attributes) removeAttributes(attributes, withoutContent.takesOut);
}

/** All attributes of a span: its own, and those of its events and links. */
export function attributesOf({ attributes, events, links }: Span): KeyValue[][] {
  return [attributes, ...[...events, ...links].map((part) => part.attributes)];
}

/** Removes the same in place from the exemplars of a metric. */
export function cleanExemplars(metric: Metric): void {
  for (const point of dataPointsOf(metric)) {
    if (!('exemplars' in point)) continue;
    for (const { filteredAttributes } of point.exemplars) cleanAttributes(filteredAttributes);
  }
}

/** Resources and scopes hold none by now: what remains there are the user's own tags. */
function removeContent(request: ExportRequest): void {
  if ('resourceLogs' in request) {
    for (const { scopeLogs } of request.resourceLogs)
      for (const { logRecords } of scopeLogs) logRecords.forEach(cleanLog);
  } else if ('resourceSpans' in request) {
    for (const { scopeSpans } of request.resourceSpans)
      for (const { spans } of scopeSpans) spans.forEach(cleanSpan);
  }
}

function cleanLog(record: LogRecord): void {
  removeAttributes(record.attributes, isContent);
  // Gemini writes the whole answer of the API behind the word "Error:" (facts/gemini.md §5).
  const stringValue = record.body?.stringValue?.replace(/ Error: .*$/s, '');
  // No CLI sends a body of parts today; should one begin to, nobody has looked at what is in it.
  if (stringValue === undefined) delete record.body;
  else if (stringValue !== record.body?.stringValue) record.body = { stringValue };
}

function cleanSpan(span: Span): void {
  for (const attributes of attributesOf(span)) removeAttributes(attributes, isContent);
  if (span.status) delete span.status.message;
}
