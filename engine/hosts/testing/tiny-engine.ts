import { mkdir, mkdtemp, stat } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Change, Handlers } from '../../../core/contract.ts'
import { problem, ProblemError } from '../../../core/problem.ts'
import type { Engine } from '../../engine.ts'

/** An engine over one empty folder, for tests of the doors alone: it answers a few calls, keeps files, and says what the test tells it to. */
export type TinyEngine = {
  readonly engine: Engine
  readonly folder: string
  readonly say: (change: Change) => void
  readonly heard: unknown[]
}

export async function tinyEngine(): Promise<TinyEngine> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'spaceport-door-'))
  const hearers = new Set<(change: Change) => void>()
  const heard: unknown[] = []
  const handlers = {
    'captures.list': async () => [],
    'runs.get': async () => {
      throw new ProblemError(problem('run/unknown', 'There is no such run.', 'Look into the library.'))
    },
    'captures.open': async (input: unknown) => {
      heard.push(input)
      return { captureId: 'c-abcdef' }
    },
    'app.doctor': async () => {
      throw new Error('a surprise')
    },
    'app.settings': async () => ({ theme: 'system', units: 'metric', threads: 0, notifications: true }),
  } as unknown as Handlers
  const engine: Engine = {
    handlers,
    subscribe: (hear) => {
      hearers.add(hear)
      return () => void hearers.delete(hear)
    },
    artefact: async (address) => {
      const file = path.resolve(folder, 'library', address)
      if (!file.startsWith(path.join(folder, 'library') + path.sep))
        return problem('artefact/outside', 'This lies outside the library.', 'Open it from the library.')
      const facts = await stat(file).catch(() => null)
      return facts?.isFile()
        ? { file, mime: 'application/octet-stream', bytes: facts.size }
        : problem('artefact/unknown', 'There is no such file.', 'Look into the library.')
    },
    importFolder: async () => {
      const made = path.join(folder, 'imports', String(Date.now()))
      await mkdir(made, { recursive: true })
      return made
    },
    checkCapture: () => never(),
    startRun: () => never(),
    requireAccount: () => undefined,
    watchRun: () => never(),
    transfers: { send: () => never(), fetch: () => never() },
    runFolder: (runId) => path.join(folder, 'runs', runId),
    close: async () => hearers.clear(),
  }
  return { engine, folder, say: (change) => hearers.forEach((hear) => hear(change)), heard }
}

function never(): never {
  throw new Error('the tiny engine does not do this')
}
