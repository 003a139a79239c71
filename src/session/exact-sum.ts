/**
 * A sum of doubles without the rounding of its steps: the same in whichever order it is made of. Kept as doubles that do not
 * overlap, the least first (Shewchuk, Adaptive Precision Floating-Point Arithmetic, 1997, Grow-Expansion).
 */
export class ExactSum {
  readonly #parts: number[] = [];

  add(value: number): void {
    const parts = this.#parts;
    let sum = value;
    let kept = 0;
    for (let i = 0; i < parts.length; i += 1) {
      const [rounded, error] = addExactly(sum, parts[i] ?? 0);
      sum = rounded;
      if (error !== 0) {
        parts[kept] = error;
        kept += 1;
      }
    }
    parts.length = kept;
    parts.push(sum);
  }

  /** The double that is nearest to the sum. */
  get value(): number {
    const parts = this.#parts;
    let i = parts.length - 1;
    let sum = parts[i] ?? 0;
    let rest = 0;
    while (i > 0 && rest === 0) {
      i -= 1;
      [sum, rest] = addExactly(sum, parts[i] ?? 0);
    }
    // Half way between two doubles, it is what comes below that decides.
    const below = parts[i - 1] ?? 0;
    const twice = rest * 2;
    const next = sum + twice;
    return rest * below > 0 && next - sum === twice ? next : sum;
  }
}

/** The sum as it is rounded, and what that leaves out. */
function addExactly(a: number, b: number): [sum: number, error: number] {
  const [large, small] = Math.abs(a) < Math.abs(b) ? [b, a] : [a, b];
  const sum = large + small;
  return [sum, small - (sum - large)];
}
