import type { TransferSummary, CloudTarget } from '../../core/transfer/cloud-target.ts'
import { withEntry } from '../mirror-state.ts'
import type { Kit } from './kit.ts'

/** What the user can want of transfers. */
export function transferIntents(kit: Kit) {
  const { ask, mirror, during } = kit
  const hold = (transfer: TransferSummary | undefined) => {
    if (transfer) mirror.set((state) => ({ ...state, transfers: withEntry(state.transfers, transfer.transferId, transfer) }))
  }
  const setTargets = (targets: readonly CloudTarget[] | undefined): boolean => {
    if (targets) mirror.set((state) => ({ ...state, targets }))
    return targets !== undefined
  }
  const saveTarget = async (target: CloudTarget) => setTargets(await ask('targets.save', target))
  return {
    saveTarget,
    /** Forgotten here only: what lies in the bucket stays there, and the way back brings it again. */
    removeTarget: (target: CloudTarget) =>
      during(`target ${target.name}`, async () => {
        if (!setTargets(await ask('targets.remove', { name: target.name }))) return
        kit.say(`${target.name} is forgotten here. Its bucket is left as it is.`, () => void saveTarget(target))
      }),
    testTarget: (name: string) => during(`target ${name}`, () => ask('account.doctor', { name })),
    requestQuota: (name: string, quota: string) =>
      during(`target ${name}`, async () => {
        const asked = await ask('account.requestQuota', { name, quota })
        if (asked !== undefined) kit.say('Asked AWS for 1. Its answer can take a day.')
      }),
    send: (captureId: string, target: string) =>
      during(`send ${target}`, async () => hold(await ask('transfers.start', { captureId, target }))),
    pauseTransfer: async (transferId: string) => hold(await ask('transfers.pause', { transferId })),
    resumeTransfer: (transferId: string) =>
      during(`transfer ${transferId}`, async () => hold(await ask('transfers.resume', { transferId }))),
    cancelTransfer: (transferId: string) =>
      during(`transfer ${transferId}`, async () => hold(await ask('transfers.cancel', { transferId }))),
  }
}

/** Fetches the targets that are set up, and every transfer. */
export async function loadTransfers({ ask, mirror }: Kit): Promise<void> {
  const [targets, transfers] = await Promise.all([ask('targets.list', {}), ask('transfers.list', {})])
  mirror.set((state) => ({
    ...state,
    targets: targets ?? state.targets,
    transfers: transfers ? new Map(transfers.map((one) => [one.transferId, one])) : state.transfers,
  }))
}
