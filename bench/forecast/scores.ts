/** Area under the ROC curve: the share of (positive, negative) pairs in the right order, ties half (Mann-Whitney). */
export function auc(scores: readonly number[], labels: readonly boolean[]): number {
  const order = scores.map((score, i) => ({ score, label: labels[i] === true })).sort((a, b) => a.score - b.score)
  let rankSum = 0
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && order[to]!.score === order[from]!.score) to++
    const rank = (from + 1 + to) / 2
    for (let i = from; i < to; i++) if (order[i]!.label) rankSum += rank
  }
  const positive = labels.filter(Boolean).length
  const negative = labels.length - positive
  return positive === 0 || negative === 0 ? Number.NaN : (rankSum - (positive * (positive + 1)) / 2) / (positive * negative)
}

/** Expected calibration error over ten bins of equal width: how far mean probability and true share lie apart, weighted by bin size. An outcome may be a share. */
export function calibrationError(probabilities: readonly number[], outcomes: readonly (number | boolean)[]): number {
  const bins = Array.from({ length: 10 }, () => ({ n: 0, p: 0, y: 0 }))
  for (const [i, p] of probabilities.entries()) {
    const bin = bins[Math.min(9, Math.floor(p * 10))]!
    bin.n++
    bin.p += p
    bin.y += Number(outcomes[i])
  }
  return bins.reduce((sum, bin) => sum + Math.abs(bin.p - bin.y), 0) / Math.max(1, probabilities.length)
}

/** Mean squared difference of probability and outcome. */
export function brier(probabilities: readonly number[], labels: readonly boolean[]): number {
  return probabilities.reduce((sum, p, i) => sum + (p - (labels[i] === true ? 1 : 0)) ** 2, 0) / Math.max(1, probabilities.length)
}
