/** Expected trouble, as a value: what happened and what to do about it. Codes are stable, see docs of the command line. */
export type Problem = {
  readonly code: string
  readonly what: string
  readonly remedy: string
}

/** A Problem from its three parts. */
export function problem(code: string, what: string, remedy: string): Problem {
  return { code, what, remedy }
}

/** Carries a Problem through code that can only throw; a room's door turns it back into the value. */
export class ProblemError extends Error {
  readonly problem: Problem
  constructor(value: Problem, options?: { cause?: unknown }) {
    super(`${value.code}: ${value.what}`, options)
    this.name = 'ProblemError'
    this.problem = value
  }
}

/** Narrows a caught value to the Problem that it carries, or undefined for a surprise. */
export function problemOf(error: unknown): Problem | undefined {
  return error instanceof ProblemError ? error.problem : undefined
}

/** Closes a switch over a union: the compiler refuses it while a case is missing. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
