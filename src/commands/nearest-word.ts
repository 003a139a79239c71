/**
 * The known word that was probably meant: the beginning of one, or one that at most every third letter changed,
 * left out, put in or swapped with the next would make. null when there is none.
 */
export function nearestWord(word: string, known: readonly string[]): string | null {
  const begun = known.filter((each) => word.length > 1 && each.startsWith(word));
  if (begun[0] !== undefined) return begun[0];
  const limit = Math.max(1, Math.floor(word.length / 3));
  const [nearest] = known
    .map((each) => ({ each, edits: editsBetween(word, each) }))
    .filter(({ edits }) => edits <= limit)
    .sort((a, b) => a.edits - b.edits);
  return nearest?.each ?? null;
}

/** Optimal string alignment distance. */
function editsBetween(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        at(last, j) + 1,
        at(row, j - 1) + 1,
        at(last, j - 1) + (isSame ? 0 : 1),
        isSwapped ? at(before, j - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    before = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
