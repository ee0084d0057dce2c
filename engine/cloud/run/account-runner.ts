import type { RunEvent } from '../../../core/run/events.ts'
import { problem, ProblemError } from '../../../core/problem.ts'
import type { CloudTarget } from '../../../core/transfer/cloud-target.ts'
import type { TransferStore } from '../../history/transfers.ts'
import type { Host } from '../../host.ts'
import type { RunOrder } from '../../run/runner.ts'
import type { TransferDesk } from '../desk.ts'
import { noTarget } from '../no-target.ts'
import type { AccountLine, Ticker } from './cloud-run.ts'

export type AccountRunnerParts = {
  readonly host: Host
  readonly store: TransferStore
  readonly transfers: Pick<TransferDesk, 'sent' | 'fetch'>
  readonly past: (runId: string) => readonly RunEvent[]
  readonly ticker?: Ticker
}

/** Runs in accounts. The SDK and the signer are loaded when the first of them begins. */
export function accountRunner(parts: AccountRunnerParts) {
  const { host, store, transfers } = parts
  const targetOf = (name: string): CloudTarget => {
    const target = store.target(name)
    if (target === null) throw new ProblemError(noTarget(name))
    if (target.api) return target
    throw new ProblemError(
      problem(
        'cloud/no-api',
        `"${name}" is set up for photos only: it is not known where its runs are started.`,
        `Give it the stack output "Api": spaceport target ${name} --api ADDRESS.`,
      ),
    )
  }
  return {
    require: (name: string): void => void targetOf(name),
    async *run(order: RunOrder): AsyncGenerator<RunEvent> {
      const [{ runInAccount }, { openLine }] = await Promise.all([import('./cloud-runner.ts'), import('./account-line.ts')])
      yield* runInAccount(
        {
          targetOf,
          open: (target): AccountLine => openLine(target, store, host.now),
          past: parts.past,
          send: async (...given) => void (await transfers.sent(...given)),
          fetch: (runId, name, place, signal) => transfers.fetch(runId, name, place.folder, signal, place.file),
          home: host.home,
          now: host.now,
          ...(parts.ticker ? { ticker: parts.ticker } : {}),
        },
        order,
      )
    },
  }
}
