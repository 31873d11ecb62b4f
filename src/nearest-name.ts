/** "; did you mean …?" for the closest of the known names when it is at most three edits away, else ''. */
export function nearestName(name: string, known: readonly string[]): string {
  let best = '';
  let fewest = Math.min(4, Math.max(2, name.length));
  for (const other of known) {
    if (Math.abs(other.length - name.length) >= fewest) continue;
    const edits = editDistance(name, other);
    if (edits < fewest) [best, fewest] = [other, edits];
  }
  return best === '' ? '' : `; did you mean ${best}?`;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
