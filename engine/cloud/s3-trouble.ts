/** What a failed request means for the transfer. */
export type Trouble =
  /** No way to the server: wait, spend no attempt. */
  | 'offline'
  /** Worth another try after a while: throttled, broken off, too slow, the server's own fault. */
  | 'passing'
  | 'slow-down'
  | 'expired'
  | 'skewed'
  | 'denied'
  /** What was asked for is not there: key, upload, bucket. */
  | 'absent'
  | 'no-bucket'
  /** A condition (If-Match, If-None-Match) did not hold. */
  | 'precondition'
  | 'conflict'
  /** The bytes were not those of the checksum: spoilt on the way, or changed under our hands. */
  | 'spoilt'
  | 'aborted'
  | 'surprise'

const offlineCodes = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN', 'ECONNREFUSED', 'EADDRNOTAVAIL'])
const brokenCodes = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ECONNABORTED',
  'ERR_STREAM_PREMATURE_CLOSE',
  'HPE_INVALID_CONSTANT',
  'ERR_SSL_WRONG_VERSION_NUMBER',
])

const byName: Readonly<Record<string, Trouble>> = {
  SlowDown: 'slow-down',
  TooManyRequests: 'slow-down',
  Throttling: 'slow-down',
  ThrottlingException: 'slow-down',
  RequestLimitExceeded: 'slow-down',
  ServiceUnavailable: 'slow-down',
  RequestTimeout: 'passing',
  InternalError: 'passing',
  ExpiredToken: 'expired',
  ExpiredTokenException: 'expired',
  TokenRefreshRequired: 'expired',
  RequestTimeTooSkewed: 'skewed',
  NoSuchKey: 'absent',
  NotFound: 'absent',
  NoSuchUpload: 'absent',
  NoSuchBucket: 'no-bucket',
  PreconditionFailed: 'precondition',
  ConditionalRequestConflict: 'conflict',
  BadDigest: 'spoilt',
  XAmzContentSHA256Mismatch: 'spoilt',
  InvalidDigest: 'spoilt',
  IncompleteBody: 'passing',
  AbortError: 'aborted',
  TimeoutError: 'passing',
}

/** What the error means, by its name, status and code; never by its message. */
export function troubleOf(error: unknown): Trouble {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown }
  if (code === 'ABORT_ERR') return 'aborted'
  if (typeof code === 'string' && offlineCodes.has(code)) return 'offline'
  if (typeof code === 'string' && brokenCodes.has(code)) return 'passing'
  const named = typeof name === 'string' && Object.hasOwn(byName, name) ? byName[name] : undefined
  if (named) return named
  if (error instanceof AggregateError && error.errors.length > 0) return troubleOf(error.errors[0])
  const status = statusOf(error)
  if (status === undefined) return isBroken(error) ? 'passing' : 'surprise'
  return byStatus(status)
}

/** The server's clock by the answer that refused ours; null where it did not say. */
export function serverClock(error: unknown): Date | null {
  const headers = (error as { $response?: { headers?: Record<string, string> } } | null)?.$response?.headers
  const at = Date.parse(headers?.['date'] ?? '')
  return Number.isNaN(at) ? null : new Date(at)
}

// Errors of the SDK and refusals of requests.ts have it alike.
function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode
}

function byStatus(status: number): Trouble {
  if (status === 401 || status === 403) return 'denied'
  if (status === 404) return 'absent'
  if (status === 412) return 'precondition'
  if (status === 409) return 'conflict'
  if (status === 429 || status === 503) return 'slow-down'
  return status >= 500 || status === 408 ? 'passing' : 'surprise'
}

// An answer cut off in its middle reaches us as the SDK's failure to read it, wrapped or not.
function isBroken(error: unknown): boolean {
  const cause = (error as { cause?: unknown } | null)?.cause
  return cause !== undefined && cause !== error && troubleOf(cause) === 'passing'
}
