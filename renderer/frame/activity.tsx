import { Popover } from '@base-ui/react/popover'
import { Activity as ActivityIcon } from 'lucide-react'
import type { CaptureSummary } from '../../core/capture/capture.ts'
import type { RunSummary } from '../../core/run/run-summary.ts'
import { activeStage, sayRun, scanCount } from '../capture-words.ts'
import { useDesk, useMirror } from '../desk.ts'
import { valueOf } from '../mirror-state.ts'
import { Button } from '../parts/button.tsx'
import { CountBar } from '../parts/count-bar.tsx'
import { Num } from '../parts/num.tsx'
import { StateGlyph } from '../parts/state-glyph.tsx'
import { hashOf } from '../place.ts'
import { liveTransfers, TransferLine } from './activity-transfers.tsx'

/** What is going on now: every scan and every run, each with its own count. */
export function Activity() {
  const captures = useMirror((state) => state.captures)
  const runs = useMirror((state) => state.runs)
  const transfers = liveTransfers(useMirror((state) => state.transfers))
  const scans = [...(valueOf(captures)?.values() ?? [])].filter((one) => one.scan.kind === 'scanning')
  const alive = [...runs.values()].filter(
    (one) => one.state.kind === 'running' || one.state.kind === 'stopping' || one.state.kind === 'queued',
  )
  const total = scans.length + alive.length + transfers.length
  return (
    <Popover.Root>
      <Popover.Trigger className="activity-button" aria-label={`Activity: ${total} under way`}>
        <ActivityIcon size={16} strokeWidth={1.75} aria-hidden className={total > 0 ? 'tone-info' : ''} />
        <Num value={total} source="captures.list, runs.list, transfers.list" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner side="bottom" align="end" sideOffset={6} className="floating">
          <Popover.Popup className="popover">
            <Popover.Title>Under way</Popover.Title>
            {total === 0 && <p className="soft">Nothing is being read, sent or run.</p>}
            {scans.map((one) => (
              <ScanLine key={one.captureId} capture={one} />
            ))}
            {transfers.map((one) => (
              <TransferLine key={one.transferId} transfer={one} />
            ))}
            {alive.map((one) => (
              <RunLine key={one.runId} run={one} />
            ))}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

function ScanLine({ capture }: { readonly capture: CaptureSummary }) {
  const { intents } = useDesk()
  if (capture.scan.kind !== 'scanning') return null
  return (
    <div className="activity-line">
      <div className="row">
        <StateGlyph state="running" />
        <a className="grow clip" href={hashOf({ room: 'capture', captureId: capture.captureId })}>
          {capture.name}
        </a>
        <Button small tone="quiet" onClick={() => void intents.stopScan(capture.captureId)}>
          Stop
        </Button>
      </div>
      <CountBar done={capture.scan.done} total={capture.scan.total} label={`Reading ${capture.name}`} />
      <span className="quiet" data-source="captures.list">
        Reading {scanCount(capture)}
      </span>
    </div>
  )
}

function RunLine({ run }: { readonly run: RunSummary }) {
  const said = sayRun(run.state)
  const step = activeStage(run.state)?.steps.at(-1)
  return (
    <div className="activity-line">
      <div className="row">
        <StateGlyph state={said.glyph} />
        <a className="grow clip" href={hashOf({ room: 'run', captureId: run.captureId, runId: run.runId })}>
          {run.captureName}
        </a>
      </div>
      {step?.done != null && <CountBar done={step.done} total={step.total} label={said.word} />}
      <span className="quiet" data-source="progress.jsonl">
        {said.word} {said.detail}
      </span>
    </div>
  )
}
