import type { DoctorRow } from '../../../core/doctor.ts'
import type { Handlers } from '../../../core/contract.ts'
import { ProblemError } from '../../../core/problem.ts'
import type { CloudTarget } from '../../../core/transfer/cloud-target.ts'
import type { TransferStore } from '../../history/transfers.ts'
import { noTarget } from '../no-target.ts'

type Parts = {
  readonly store: TransferStore
  readonly now: () => Date
  /** What photos and the API need of an account: `targets.test`. */
  readonly test: (name: string) => Promise<readonly DoctorRow[]>
}

/** The contract's `account.*`. The SDK's clients are loaded when the first account is looked at. */
export function accountHandlers({ store, now, test }: Parts): Pick<Handlers, 'account.doctor' | 'account.requestQuota' | 'account.costs'> {
  const targetOf = (name: string): CloudTarget => {
    const target = store.target(name)
    if (target === null) throw new ProblemError(noTarget(name))
    return target
  }
  return {
    'account.doctor': async ({ name }) => {
      const target = targetOf(name)
      const tested = await test(name)
      // Without a sign-in there is nothing more to see, and where nothing runs no machine is needed.
      if (tested[0]?.state !== 'ok' || !target.api) return tested
      return [...tested, ...(await (await import('./doctor.ts')).accountDoctor(target, store, now))]
    },
    'account.costs': async ({ name }) => (await import('./costing.ts')).accountCosts(targetOf(name), store, now),
    'account.requestQuota': async ({ name, quota }) => {
      const target = targetOf(name)
      await (await import('./doctor.ts')).askForQuota(target, store, quota, now)
      return null
    },
  }
}
