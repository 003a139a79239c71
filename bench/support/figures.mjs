/** @param {number} share 0 = the least, 0.5 = the median, 1 = the greatest */
export function quantile(list, share) {
  const sorted = list.toSorted((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))];
}

/** @param {readonly number[]} widths of the columns, the last one for all that follow; the first is the label and stands at the left */
export function row(cells, widths) {
  return cells
    .map((cell, i) =>
      i === 0 ? String(cell).padEnd(widths[i]) : String(cell).padStart(widths[i] ?? widths.at(-1)),
    )
    .join('');
}
