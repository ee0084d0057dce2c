/** One thing that a doctor looked at, of this machine or of an account: in words, with what to do about it. */
export type DoctorRow = {
  readonly check: string
  readonly state: 'ok' | 'limits' | 'blocks' | 'unknown'
  readonly what: string
  readonly remedy: string | null
  readonly tookMs: number
  /** AWS's code of a quota that is too small: `account.requestQuota` asks for it. */
  readonly quota?: string | undefined
}
