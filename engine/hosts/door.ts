import { type CallName, calls, type Reply } from '../../core/contract.ts'
import { type Problem, problem, problemOf } from '../../core/problem.ts'
import type { Engine } from '../engine.ts'

/** Narrows a name from outside to one of the contract's calls. */
export function isCallName(name: string): name is CallName {
  return Object.hasOwn(calls, name)
}

/**
 * Answers one call from outside: the input is checked here and trusted behind. Expected trouble comes back as a Problem; a surprise is
 * logged and comes back as one too, so that no screen waits for an answer that will not come.
 */
export async function answerCall(engine: Engine, name: string, input: unknown, log: (line: string) => void): Promise<Reply<unknown>> {
  if (!isCallName(name))
    return refuse(problem('call/unknown', `There is no call "${name}".`, 'Reload the window: screen and engine are of different versions.'))
  const checked = calls[name].input.safeParse(input)
  if (!checked.success) {
    const where = checked.error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`).join('; ')
    return refuse(problem('call/input', `The call ${name} was given something it cannot use: ${where}`, 'Reload the window and try again.'))
  }
  try {
    const handler = engine.handlers[name] as (given: unknown) => Promise<unknown>
    return { ok: true, value: await handler(checked.data) }
  } catch (error) {
    const expected = problemOf(error)
    if (expected) return refuse(expected)
    log(`call ${name} failed: ${error instanceof Error ? error.stack : String(error)}`)
    return refuse(
      problem(
        'engine/crash',
        `The engine stumbled over this: ${error instanceof Error ? error.message : String(error)}`,
        'Try again. If it happens twice, report it with the log of the home folder.',
      ),
    )
  }
}

function refuse(value: Problem): Reply<never> {
  return { ok: false, problem: value }
}
