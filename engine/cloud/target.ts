/** What signs the requests. `expiresAt` null: lasts. */
export type Credentials = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly expiresAt?: Date
}

/** A bucket of an account and the tenant's place in it. `endpoint`: only for servers other than AWS. */
export type Target = {
  readonly bucket: string
  readonly region: string
  readonly endpoint?: string
  readonly tenant: string
  /** Asked again when the old ones have run out; may throw ProblemError `upload/expired` where a person must sign in. */
  readonly credentials: () => Promise<Credentials>
}

/** Names a bucket in the receipts. The address of a test server may change its port: give `name` then. */
export function targetName(target: Target): string {
  return `${target.endpoint ?? `aws:${target.region}`}/${target.bucket}`
}
