/** Area under the ROC curve: how often a positive scores above a negative; ties count half. NaN where a kind is absent. */
export function areaUnderCurve(scored: readonly { readonly score: number; readonly positive: boolean }[]): number {
  const sorted = [...scored].sort((left, right) => left.score - right.score);
  let rankSum = 0;
  let positives = 0;
  for (let start = 0; start < sorted.length;) {
    let end = start;
    while (end < sorted.length && sorted[end]?.score === sorted[start]?.score) end += 1;
    const rank = (start + end + 1) / 2;
    for (; start < end; start += 1) {
      if (sorted[start]?.positive === true) {
        positives += 1;
        rankSum += rank;
      }
    }
  }
  const negatives = sorted.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
