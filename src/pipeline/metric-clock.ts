import { Long } from '../otlp/long.ts';

/** Stores keep one value of a series per ms. Unix ns. */
export const nanosPerMs = 1_000_000;

/**
 * When the metrics of one run stand, as forwarded: all that is told together at one time, and at least 1 ms after what was told
 * before. A CLI reads its instruments one after the other, so that their times differ by fractions of a ms, and ids that are taken
 * off let series fall together. Prometheus refuses the whole of a request in which one sample is older than the one before it, and
 * makes such samples itself: of each resource a `target_info` at the first and the last time of its points (its
 * storage/remote/otlptranslator, seen in v3.8).
 */
export class MetricClock {
  #last = Long.UZERO;

  /** @param measured Unix ns */
  next(measured: Long): Long {
    const earliest = this.#last.add(nanosPerMs);
    this.#last = measured.lessThan(earliest) ? earliest : measured;
    return this.#last;
  }
}
