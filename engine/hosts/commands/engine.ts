import type { Engine } from '../../engine.ts'
import type { Context } from '../command.ts'

/** Lends the engine to a piece of work and closes it whatever happens. The command line resumes nothing by itself. */
export async function withEngine<T>(context: Context, work: (engine: Engine) => Promise<T>): Promise<T> {
  const log = (line: string) => (process.env['SPACEPORT_DEBUG'] ? context.terminal.note(line) : undefined)
  // Loaded here and not before: help, wrong usage and plain files need no engine.
  const { openEngine } = await import('../../engine.ts')
  const engine = await openEngine(
    { kind: 'cli', home: context.home, program: context.program, now: () => new Date(), log },
    { resume: false },
  )
  try {
    return await work(engine)
  } finally {
    await engine.close()
  }
}
