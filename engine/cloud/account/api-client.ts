import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import type { z } from 'zod'
import { apiPaths, JobState, Refusal, StartJob, Started, StopJob, Stopping } from '../../../core/cloud/api.ts'
import { type Problem, problem, ProblemError } from '../../../core/problem.ts'
import type { Credentials } from '../target.ts'

/** Where the account's API answers, and what signs the questions. */
export type ApiPlace = {
  readonly url: string
  readonly region: string
  readonly credentials: () => Promise<Credentials>
  readonly now: () => Date
}

/** The account's API. Throws ProblemError where it refuses, PassingTrouble where asking again can help; an abort throws its reason. */
export type ApiClient = ReturnType<typeof apiClient>

/** No answer, or one of a service in trouble: nothing is known of what was asked, and it may be asked again. */
export class PassingTrouble extends Error {
  readonly problem: Problem
  constructor(what: string, options?: { cause?: unknown }) {
    super(what, options)
    this.problem = problem('cloud/no-answer', what, 'Nothing is lost: Spaceport asks again by itself when the account can be reached.')
  }
}

// API Gateway gives up after 29 s; an answer after that is none.
const longestMs = 30_000

export function apiClient(place: ApiPlace) {
  let clockOffsetMs = 0
  const send = async (method: 'GET' | 'POST', path: string, body: unknown, signal: AbortSignal): Promise<Response> => {
    const url = new URL(`${place.url.replace(/\/+$/, '')}${path}`)
    const text = body === undefined ? '' : JSON.stringify(body)
    const headers = await signed(place, method, url, text, clockOffsetMs)
    try {
      return await fetch(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body: text }),
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(longestMs)]),
      })
    } catch (cause) {
      signal.throwIfAborted()
      throw new PassingTrouble('The account cannot be reached.', { cause })
    }
  }
  const ask = async <T>(method: 'GET' | 'POST', path: string, type: z.ZodType<T>, body: unknown, signal: AbortSignal): Promise<T> => {
    let answer = await send(method, path, body, signal)
    if (answer.status === 403 && (await retriable(answer))) answer = await send(method, path, body, signal)
    return await valueOf(answer, type, signal)
  }
  /** A refused signature may be one of a clock that is wrong: it is set by the server's, once. */
  const retriable = async (answer: Response): Promise<boolean> => {
    const server = Date.parse(answer.headers.get('date') ?? '')
    const offsetMs = server - place.now().getTime()
    if (Number.isNaN(server) || Math.abs(offsetMs - clockOffsetMs) < mostSkewMs) return false
    await answer.body?.cancel()
    clockOffsetMs = offsetMs
    return true
  }
  return {
    start: (order: StartJob, signal: AbortSignal): Promise<Started> => ask('POST', apiPaths.start, Started, StartJob.parse(order), signal),
    stop: (order: StopJob, signal: AbortSignal): Promise<Stopping> => ask('POST', apiPaths.stop, Stopping, StopJob.parse(order), signal),
    /** All that the account knows of a run; null where it knows none of that name. */
    job: async (runId: string, signal: AbortSignal): Promise<JobState | null> => {
      try {
        return await ask('GET', apiPaths.job(runId), JobState, undefined, signal)
      } catch (error) {
        if (error instanceof ProblemError && error.problem.code === 'cloud/no-run') return null
        throw error
      }
    },
  }
}

// AWS refuses signatures whose time is more than five minutes off.
const mostSkewMs = 240_000

async function valueOf<T>(answer: Response, type: z.ZodType<T>, signal: AbortSignal): Promise<T> {
  const body = await jsonOf(answer, signal)
  if (answer.ok) {
    const read = type.safeParse(body)
    if (read.success) return read.data
    const what = 'The account answers in a way that this Spaceport does not know.'
    throw new ProblemError(problem('cloud/versions', what, 'Update Spaceport, or deploy its backend anew.'), { cause: read.error })
  }
  if (answer.status >= 500 || answer.status === 429) throw new PassingTrouble(`The account is in trouble (HTTP ${answer.status}).`)
  const refusal = Refusal.safeParse(body)
  if (refusal.success) throw new ProblemError(refusal.data)
  throw new ProblemError(answer.status === 403 ? refused : oddAddress(answer.status))
}

const refused = problem(
  'cloud/refused',
  'The account does not take this sign-in: it has run out, or it may not start runs there.',
  'Sign in again (for a profile: "aws sso login"), or ask the owner of the account for the right to call the API.',
)

function oddAddress(status: number): Problem {
  return problem(
    'cloud/address',
    `At the address of the account's API nothing of Spaceport answers (HTTP ${status}).`,
    'Set --api to the stack output "Api".',
  )
}

async function jsonOf(answer: Response, signal: AbortSignal): Promise<unknown> {
  try {
    return JSON.parse(await answer.text())
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof SyntaxError) return null
    throw new PassingTrouble('The account cannot be reached.', { cause })
  }
}

async function signed(
  { region, credentials, now }: ApiPlace,
  method: string,
  url: URL,
  body: string,
  clockOffsetMs: number,
): Promise<Record<string, string>> {
  const signer = new SignatureV4({ service: 'execute-api', region, credentials: await credentials(), sha256: Sha256 })
  const request = await signer.sign(
    {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      headers: { host: url.host, ...(body === '' ? {} : { 'content-type': 'application/json' }) },
      ...(body === '' ? {} : { body }),
    },
    { signingDate: new Date(now().getTime() + clockOffsetMs) },
  )
  // The host is fetch's own to write: it writes the same.
  const { host: _, ...headers } = request.headers
  return headers
}

/** The hash that the signer asks for, on Node's own. */
class Sha256 {
  private readonly hash: Hash | Hmac
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string)
  }
  update(data: Uint8Array | string): void {
    this.hash.update(data)
  }
  async digest(): Promise<Uint8Array> {
    return this.hash.digest()
  }
}
