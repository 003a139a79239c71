import type { Signal } from '../../otlp/types.ts';
import { type Item, type ItemInMemory, isInMemory, requestLimit } from './item.ts';

/**
 * Groups what can be sent together: items of one signal in memory, up to the size of a request. Within a signal
 * the order stays; what is on disk, and what something is bad in, is alone.
 */
export function groups(items: readonly Item[]): [Item, ...Item[]][] {
  const all: [Item, ...Item[]][] = [];
  const latest = new Map<Signal, { group: Item[]; bytes: number }>();
  for (const item of items) {
    const open = latest.get(item.signal);
    const isMergeable = isInMemory(item) && !item.search;
    if (open && isMergeable && open.bytes + item.body.length <= requestLimit) {
      open.group.push(item);
      open.bytes += item.body.length;
      continue;
    }
    const group: [Item] = [item];
    all.push(group);
    if (isMergeable) latest.set(item.signal, { group, bytes: item.body.length });
    else latest.delete(item.signal);
  }
  return all;
}

/** The items of a group as one: protobuf messages of one type put end to end are one with the fields of both. */
export function merged([first, ...others]: readonly [Item, ...Item[]]): Item {
  const all = [first, ...others].filter(isInMemory);
  if (all.length < 2) return first;
  return {
    ...first,
    records: all.reduce((sum, { records }) => sum + records, 0),
    body: Buffer.concat(all.map(({ body }) => body)),
    done() {
      for (const each of all) each.done();
    },
  } satisfies ItemInMemory;
}
