import { closed, numbers, open } from './wire.ts';

/**
 * Cuts a protobuf request at its records (log records, spans, metrics) into requests of `limitBytes` or less, in their order; a
 * longer record is alone. What is around the records (resource, scope, fields newer than the schema) is in each part. A resource
 * of several scopes stays whole: together they tell whose it is.
 * @throws protobufjs's error where the bytes are no such request; parts may have come before.
 */
export function* partsOf(body: Uint8Array, limitBytes: number): Generator<Uint8Array> {
  if (body.length <= limitBytes) {
    yield body;
    return;
  }
  const { around, items } = open(body, numbers.resources);
  yield* filled(around, numbers.resources, partsOfResources(items, limitBytes), limitBytes);
}

function* partsOfResources(resources: readonly Uint8Array[], limitBytes: number): Generator<Uint8Array> {
  for (const bytes of resources) {
    const resource = open(bytes, numbers.scopes);
    const [scope, ...others] = resource.items;
    if (scope === undefined || others.length > 0) {
      yield bytes;
      continue;
    }
    const { around, items } = open(scope, numbers.records);
    for (const part of filled(around, numbers.records, items, limitBytes)) {
      yield closed(resource.around, numbers.scopes, [part]);
    }
  }
}

/** Messages that hold the items between them, as many as fit in each, and what was around them. */
function* filled(
  around: readonly Uint8Array[],
  number: number,
  items: Iterable<Uint8Array>,
  limitBytes: number,
): Generator<Uint8Array> {
  let batch: Uint8Array[] = [];
  let bytes = 0;
  for (const item of items) {
    if (batch.length > 0 && bytes + item.length > limitBytes) {
      yield closed(around, number, batch);
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += item.length;
  }
  yield closed(around, number, batch);
}
