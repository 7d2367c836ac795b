/** How many characters have to be put in, taken out or replaced to make one text of another (Levenshtein). */
export function distance(one: string, other: string): number {
  let start = 0;
  let [oneEnd, otherEnd] = [one.length, other.length];
  // What both begin and end with costs nothing.
  while (start < oneEnd && start < otherEnd && one[start] === other[start]) start += 1;
  while (oneEnd > start && otherEnd > start && one[oneEnd - 1] === other[otherEnd - 1]) {
    oneEnd -= 1;
    otherEnd -= 1;
  }
  const width = otherEnd - start;
  /** From what there is of the one text so far, to each beginning of the other. */
  const row = Uint32Array.from({ length: width + 1 }, (_, index) => index);
  for (let index = start; index < oneEnd; index += 1) {
    const code = one.charCodeAt(index);
    let diagonal = index - start;
    let left = diagonal + 1;
    for (let column = 1; column <= width; column += 1) {
      const above = row[column] ?? 0;
      const isSame = code === other.charCodeAt(start + column - 1);
      row[column - 1] = left;
      left = isSame ? diagonal : Math.min(diagonal, above, left) + 1;
      diagonal = above;
    }
    row[width] = left;
  }
  return row[width] ?? 0;
}
