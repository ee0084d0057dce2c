import path from 'node:path'
import { ProblemError } from '../../../core/problem.ts'
import type { BandwidthLimit } from '../../../core/transfer/bandwidth.ts'
import type { CloudTarget } from '../../../core/transfer/cloud-target.ts'
import { noTarget } from '../../cloud/no-target.ts'
import type { Engine } from '../../engine.ts'
import { readByteRate } from '../byte-rate.ts'
import { type Context, textFlag } from '../command.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import { counted, sizeText } from '../terminal/words.ts'
import { sending } from '../views/transfer-view.ts'
import { tellTransferEnd } from './end-of-transfer.ts'
import { withEngine } from './engine.ts'
import { followCheck } from './follow-check.ts'
import { followTransfer } from './follow-transfer.ts'
import { UsageError } from './usage-error.ts'
import { watchBattery } from './watch-battery.ts'

/** The transfer alone: checks the folder (what to send stands there), then sends what the account does not hold, proven. */
export async function run(context: Context): Promise<ExitCode> {
  const where = textFlag(context, 'where')
  if (where === undefined) throw new UsageError('--where NAME is missing.')
  if (where === 'local') throw new UsageError('This machine needs no upload: --where names a cloud account.')
  const rate = textFlag(context, 'limit')
  const limit = rate === undefined ? undefined : readByteRate('limit', rate)
  return await withEngine(context, async (engine) => {
    const target = (await engine.handlers['targets.list']({})).find((one) => one.name === where)
    if (target === undefined) throw new ProblemError(noTarget(where))
    const forget = await watchBattery(engine)
    try {
      return await send(engine, target, context, limit)
    } finally {
      forget()
    }
  })
}

async function send(engine: Engine, target: CloudTarget, context: Context, limit: BandwidthLimit | undefined): Promise<ExitCode> {
  const { terminal, signal } = context
  const given = context.words[0] ?? '.'
  const pace = limit === undefined ? '' : ` --limit ${textFlag(context, 'limit')}`
  const goOn = `spaceport upload ${given} --where ${target.name}${pace}`
  const { captureId, events } = await engine.checkCapture(path.resolve(given), signal)
  const check = await followCheck(events, context)
  terminal.status.done()
  if (check === null || signal.aborted) {
    if (terminal.json) terminal.value({ kind: 'stopped', captureId, target: target.name })
    terminal.note(`Stopped before anything was sent. Go on: ${goOn}`)
    return exitCode.stopped
  }
  if (terminal.json)
    terminal.value({
      kind: 'checked',
      captureId,
      photos: check.photos.length,
      leftOut: check.leftOut.length,
      skipped: check.skipped.length,
    })
  const ledger = await followTransfer(engine.transfers.send(captureId, target.name, signal, limit), sending, context)
  const { files, bytes } = ledger
  const there = files.there > 0 ? ` ${counted(files.there, 'photo')} (${sizeText(bytes.there)}) were already there.` : ''
  const facts = { captureId, target: target.name, bucket: target.bucket, prefix: `t/${target.tenant}/photos/` }
  const done = `${counted(files.verified, 'photo')} verified in ${target.bucket}, ${sizeText(bytes.moved)} sent.${there}\n`
  return tellTransferEnd({ ledger, facts, done, goOn }, terminal)
}
