/** Solves the symmetric positive system A x = b by Gauss elimination with pivoting. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!])
  const n = rows.length
  for (let c = 0; c < n; c++) {
    let pivot = c
    for (let r = c + 1; r < n; r++) if (Math.abs(rows[r]![c]!) > Math.abs(rows[pivot]![c]!)) pivot = r
    ;[rows[c], rows[pivot]] = [rows[pivot]!, rows[c]!]
    for (let r = 0; r < n; r++) {
      if (r === c) continue
      const factor = rows[r]![c]! / rows[c]![c]!
      for (let k = c; k <= n; k++) rows[r]![k]! -= factor * rows[c]![k]!
    }
  }
  return rows.map((row, i) => row[n]! / row[i]!)
}

/** Normal matrix and right side of weighted least squares, with a ridge on all but the constant. */
function weighted(x: readonly (readonly number[])[], y: readonly number[], w: readonly number[], ridge: number): number[] {
  const n = x[0]?.length ?? 0
  const normal = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j && i > 0 ? ridge : 1e-9)))
  const right = Array<number>(n).fill(0)
  for (const [k, row] of x.entries())
    for (let i = 0; i < n; i++) {
      right[i]! += w[k]! * row[i]! * y[k]!
      for (let j = 0; j < n; j++) normal[i]![j]! += w[k]! * row[i]! * row[j]!
    }
  return solve(normal, right)
}

/** Ridge regression; the first column of `x` is the constant. */
export function fitLinear(x: readonly (readonly number[])[], y: readonly number[], ridge = 1): number[] {
  return weighted(
    x,
    y,
    x.map(() => 1),
    ridge,
  )
}

/** Logistic regression by iteratively reweighted least squares, with a ridge on all but the constant. `weights`: of the samples, default 1. `y`: outcomes, or shares of them. */
export function fitLogistic(
  x: readonly (readonly number[])[],
  y: readonly (number | boolean)[],
  ridge = 1,
  weights?: readonly number[],
): number[] {
  let beta = Array<number>(x[0]?.length ?? 0).fill(0)
  for (let turn = 0; turn < 40; turn++) {
    const eta = x.map((row) => row.reduce((sum, value, i) => sum + value * beta[i]!, 0))
    const p = eta.map((e) => 1 / (1 + Math.exp(-Math.max(-30, Math.min(30, e)))))
    const curvature = p.map((q) => Math.max(1e-6, q * (1 - q)))
    const target = eta.map((e, k) => e + (Number(y[k]) - p[k]!) / curvature[k]!)
    const next = weighted(
      x,
      target,
      curvature.map((c, k) => c * (weights?.[k] ?? 1)),
      ridge,
    )
    const step = Math.max(...next.map((value, i) => Math.abs(value - beta[i]!)))
    beta = next
    if (step < 1e-8) break
  }
  return beta
}
