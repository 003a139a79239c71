import { requestTypes } from './schema.ts';
import { BoundedReader } from './size-limit.ts';
import type { ExportTraceServiceRequest, ResourceSpans } from './types.ts';
import { closed, delimited, numbers, open } from './wire.ts';

/**
 * Says of what came from one resource which spans are needed, by their names; null: all of them.
 * @param around the resource and its scopes, without spans
 */
export type SpanNeeds = (around: ResourceSpans) => ((name: string) => boolean) | null;

/** The field `name` of a span. */
const nameNumber = 5;

/**
 * A protobuf request of traces with those spans only that are needed: to decode one takes ten times as long as to read its name, and an
 * agent tells hundreds that mean nothing to us.
 * @throws protobufjs's error where the bytes are no such request.
 */
export function withNeededSpans(body: Uint8Array, needsOf: SpanNeeds): Uint8Array {
  const { around, items } = open(body, numbers.resources);
  return closed(
    around,
    numbers.resources,
    items.map((resource) => resourceWithNeeded(resource, needsOf)),
  );
}

function resourceWithNeeded(bytes: Uint8Array, needsOf: SpanNeeds): Uint8Array {
  const resource = open(bytes, numbers.scopes);
  const scopes = resource.items.map((scope) => open(scope, numbers.records));
  const scopesWith = (spansOf: (items: Uint8Array[]) => Uint8Array[]) =>
    closed(
      resource.around,
      numbers.scopes,
      scopes.map(({ around, items }) => closed(around, numbers.records, spansOf(items))),
    );
  const isNeeded = needsOf(decoded(scopesWith(() => [])));
  return isNeeded ? scopesWith((spans) => spans.filter((span) => isNeeded(nameOf(span)))) : bytes;
}

function decoded(resourceSpans: Uint8Array): ResourceSpans {
  const request = requestTypes.traces.decode(closed([], numbers.resources, [resourceSpans]));
  const [only] = (request as unknown as ExportTraceServiceRequest).resourceSpans;
  return only ?? { scopeSpans: [] };
}

function nameOf(span: Uint8Array): string {
  const reader = new BoundedReader(span);
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag >>> 3 === nameNumber && (tag & 7) === delimited) return reader.string();
    reader.skipType(tag & 7, 0, tag >>> 3);
  }
  return '';
}
