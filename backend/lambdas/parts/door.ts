import type { z } from 'zod'
import { type Problem, problem } from '../../../core/problem.ts'

/** What API Gateway hands to a Lambda, as far as it is read (REST, proxy integration). */
export type ApiEvent = {
  readonly body: string | null
  readonly pathParameters: Readonly<Record<string, string | undefined>> | null
  readonly requestContext: {
    readonly requestId?: string
    readonly identity: {
      readonly cognitoAuthenticationProvider?: string | null
      readonly cognitoIdentityId?: string | null
      readonly userArn?: string | null
    }
  }
}

export type ApiAnswer = { readonly statusCode: number; readonly headers: Record<string, string>; readonly body: string }

/** A refusal that reaches the caller: its HTTP status and a Problem. */
export class Refused extends Error {
  readonly status: number
  readonly problem: Problem
  constructor(status: number, code: string, what: string, remedy: string, options?: { cause?: unknown }) {
    super(`${code}: ${what}`, options)
    this.status = status
    this.problem = problem(code, what, remedy)
  }
}

export function answer(statusCode: number, body: unknown, headers: Record<string, string> = {}): ApiAnswer {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', 'access-control-allow-origin': '*', ...headers },
    body: JSON.stringify(body),
  }
}

/** A Lambda behind the API: refusals become answers, surprises are logged and told without their insides. */
export function door(work: (event: ApiEvent) => Promise<ApiAnswer>): (event: ApiEvent) => Promise<ApiAnswer> {
  return async (event) => {
    try {
      return await work(event)
    } catch (error) {
      if (error instanceof Refused) return answer(error.status, error.problem)
      console.error(error)
      const what = `The account could not answer (request ${event.requestContext.requestId ?? 'without a number'}).`
      return answer(500, problem('cloud/fault', what, 'Try again; if it stays, look into the log of the function in CloudWatch.'))
    }
  }
}

/** The body, checked. Refuses with 400 and says which field is wrong. */
export function bodyOf<T>(event: ApiEvent, type: z.ZodType<T>): T {
  const read = type.safeParse(jsonOf(event.body))
  if (read.success) return read.data
  const [first] = read.error.issues
  const where = first && first.path.length > 0 ? `${first.path.join('.')}: ` : ''
  throw new Refused(400, 'cloud/request', `${where}${first?.message ?? 'the body is not JSON'}`, 'Update Spaceport, then try again.')
}

function jsonOf(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
