/** One thing that is wrong or worth knowing about some photos or the whole capture. Codes: shared command-line page. */
export type Finding = {
  readonly code: string
  readonly severity: 'error' | 'warning' | 'info'
  readonly what: string
  readonly remedy: string
  /** The photos it is about; empty where it is about the whole capture. */
  readonly files: readonly string[]
}

/** The sum of the findings. `score`: expected share of the photos that end in the largest model, 0..1. */
export type Verdict = {
  readonly kind: 'ready' | 'risky' | 'unusable'
  readonly score: number
  /** Sentences for a person: the causes, worst first. */
  readonly because: readonly string[]
}
