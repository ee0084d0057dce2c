import path from 'node:path'
import { home } from '../../../core/layout.ts'
import type { TransferEvent } from '../../../core/transfer/events.ts'
import { emptyLedger, type Ledger, record } from '../../../core/transfer/ledger.ts'
import { type Context, textFlag } from '../command.ts'
import type { ExitCode } from '../exit-code.ts'
import { counted, sizeText } from '../terminal/words.ts'
import { fetching } from '../views/transfer-view.ts'
import { tellTransferEnd } from './end-of-transfer.ts'
import { withEngine } from './engine.ts'
import { followTransfer } from './follow-transfer.ts'
import { UsageError } from './usage-error.ts'

/** Brings what a run left in an account home: into --out, else where the library keeps that run's files. */
export async function fetchFromCloud(where: string, context: Context): Promise<ExitCode> {
  const runId = context.words[0] ?? ''
  if (!/^r-[a-z0-9-]{6,40}$/.test(runId)) throw new UsageError(`"${runId}" is not a run: they are named r-…`)
  const out = textFlag(context, 'out')
  const folder = out === undefined ? path.join(context.home, home.run(runId)) : path.resolve(out)
  return await withEngine(context, async (engine) => {
    const told = summed(engine.transfers.fetch(runId, where, folder, context.signal))
    const ledger = await followTransfer(told, fetching, context)
    const there = ledger.files.there > 0 ? ` ${counted(ledger.files.there, 'file')} were already here.` : ''
    const done = `${counted(ledger.files.verified, 'file')}, ${sizeText(ledger.bytes.verified)} verified in ${folder}.${there}\n`
    const goOn = `spaceport fetch ${runId} --where ${where}${out === undefined ? '' : ` --out ${out}`}`
    return tellTransferEnd({ ledger, facts: { runId, target: where, folder }, done, goOn }, context.terminal)
  })
}

async function* summed(events: AsyncIterable<TransferEvent>): AsyncGenerator<{ event: TransferEvent; ledger: Ledger }> {
  let ledger: Ledger = emptyLedger
  for await (const event of events) {
    ledger = record(ledger, event)
    yield { event, ledger }
  }
}
