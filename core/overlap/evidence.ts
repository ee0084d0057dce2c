/** What two photos have in common, as far as the forecast reasons about it. See engine/intake/native.ts for how each is measured. */
export type Evidence = {
  readonly raw: number
  readonly inliersF: number
  readonly inliersH: number
  readonly coverage: number
  readonly inlierRatio: number
  /** How many features COLMAP finds for each of ours: the geometric mean over the two photos of density.ts. */
  readonly density: number
}
