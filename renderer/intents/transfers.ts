import type { TransferSummary } from '../../core/contract.ts'
import { withEntry } from '../mirror-state.ts'
import type { Kit } from './kit.ts'

/** What the user can want of transfers. */
export function transferIntents(kit: Kit) {
  const { ask, mirror, during } = kit
  const hold = (transfer: TransferSummary | undefined) => {
    if (transfer) mirror.set((state) => ({ ...state, transfers: withEntry(state.transfers, transfer.transferId, transfer) }))
  }
  return {
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
