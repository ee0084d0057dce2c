import type { AppSettings } from '../../core/app-settings.ts'
import type { Handlers } from '../../core/contract.ts'
import type { PowerState } from '../../core/transfer/power.ts'
import type { TransferDesk } from './desk.ts'

type Names = Extract<keyof Handlers, `transfers.${string}` | `targets.${string}`>

/** The contract's `targets.*` and `transfers.*`. `setLimit` keeps the limit with the settings; what is under way asks for it at its next body. */
export function transferHandlers(
  desk: TransferDesk,
  setLimit: (limit: AppSettings['bandwidth']) => Promise<AppSettings>,
  hearPower: (power: PowerState) => void,
): Pick<Handlers, Names> {
  return {
    'targets.list': async () => desk.targets(),
    'targets.save': async (target) => desk.saveTarget(target),
    'targets.remove': async ({ name }) => desk.removeTarget(name),
    'targets.test': ({ name }) => desk.testTarget(name),
    'transfers.list': async () => desk.list(),
    'transfers.start': ({ captureId, target }) => desk.start(captureId, target),
    'transfers.pause': ({ transferId }) => desk.pause(transferId),
    'transfers.resume': ({ transferId }) => desk.resume(transferId),
    'transfers.cancel': ({ transferId }) => desk.cancel(transferId),
    'transfers.power': async (power) => {
      hearPower(power)
      return null
    },
    'transfers.limit': ({ limit }) => setLimit(limit),
  }
}
