/** Random choices that a seed repeats (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 to below the limit. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  one<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new Error('nothing to choose from');
    return choice;
  }

  bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.below(256)));
  }
}

type Mutation = (bytes: Buffer, random: Random) => Buffer;

const mutations: readonly Mutation[] = [
  // a bit flips
  (bytes, random) => {
    const at = random.below(bytes.length);
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
    return changed;
  },
  // a byte becomes one that parsers care about
  (bytes, random) => {
    const changed = Buffer.from(bytes);
    changed[random.below(bytes.length)] = random.one([0, 0x0a, 0x0d, 0x20, 0x3a, 0x7f, 0x80, 0xff]);
    return changed;
  },
  // the end is missing
  (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  // something is put in
  (bytes, random) => {
    const at = random.below(bytes.length);
    const more = random.bytes(1 + random.below(20));
    return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
  },
  // a piece is there twice
  (bytes, random) => {
    const at = random.below(bytes.length);
    const end = at + random.below(bytes.length - at);
    return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
  },
  // a piece is gone
  (bytes, random) => {
    const at = random.below(bytes.length);
    const end = at + random.below(Math.min(50, bytes.length - at));
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
  },
];

/** The same bytes with a few faults. */
export function damaged(bytes: Buffer, random: Random): Buffer {
  let result = bytes;
  for (let left = 1 + random.below(4); left > 0 && result.length > 0; left--) {
    result = random.one(mutations)(result, random);
  }
  return result;
}

/** In pieces of any size, as a slow sender would write them. */
export function pieces(bytes: Buffer, random: Random): Buffer[] {
  const result: Buffer[] = [];
  const largest = random.one([1, 7, 100, 2000, bytes.length]);
  for (let at = 0; at < bytes.length && result.length < 200; ) {
    const size = result.length === 199 ? bytes.length : 1 + random.below(largest);
    result.push(bytes.subarray(at, at + size));
    at += size;
  }
  return result;
}
