import { type KeyboardEvent, useRef } from 'react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { photosRead } from '../../capture-words.ts'
import { useDesk } from '../../desk.ts'
import { bytes, day } from '../../format.ts'
import { Num } from '../../parts/num.tsx'
import { StateGlyph } from '../../parts/state-glyph.tsx'
import { useNow } from '../../parts/use-clock.ts'
import { Thumb } from '../../parts/thumb.tsx'
import { byMonth, type LibraryRow, sceneRun } from './library-rows.ts'

const rowPx = 58
const headingPx = 32

type Line = { readonly kind: 'heading'; readonly text: string } | { readonly kind: 'row'; readonly row: LibraryRow; readonly at: number }

type TableProps = {
  readonly rows: readonly LibraryRow[]
  readonly chosen: string | null
  /** A row was pointed at, not reached by keys. */
  readonly onPoint: () => void
}

/** The list with its columns. Arrows move, Enter opens. */
export function LibraryTable({ rows, chosen, onPoint }: TableProps) {
  const { intents } = useDesk()
  const scroller = useRef<HTMLDivElement>(null)
  const lines = linesOf(rows, useNow())
  // No React compiler is in use, which is all that this rule guards.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (at) => (lines[at]?.kind === 'heading' ? headingPx : rowPx),
    overscan: 8,
  })
  const at = rows.findIndex((row) => row.capture.captureId === chosen)
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const next = step === undefined ? undefined : rows[Math.min(Math.max(at + step, 0), rows.length - 1)]
    if (next) intents.searchLibrary({ chosen: next.capture.captureId })
    else if (event.key === 'Enter' && rows[at]) open(rows[at])
    else return
    event.preventDefault()
  }
  const open = (row: LibraryRow) => {
    const { captureId } = row.capture
    const scene = sceneRun(row)
    if (scene) intents.openScene(captureId, scene.runId)
    else intents.go({ room: 'capture', captureId })
  }
  return (
    <div className="library-table" role="grid" aria-label="Captures" aria-rowcount={rows.length} tabIndex={0} onKeyDown={onKeyDown}>
      <div className="library-columns" role="row">
        {['', 'Capture', 'Photos', 'Taken', 'State', 'Score', 'Cost', 'On disk'].map((word) => (
          <span key={word} role="columnheader">
            {word || <span className="only-read">Picture</span>}
          </span>
        ))}
      </div>
      <div ref={scroller} className="library-scroll scroll">
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => {
            const line = lines[item.index]
            if (!line) return null
            return (
              <div key={item.key} className="library-line" style={{ transform: `translateY(${item.start}px)`, height: item.size }}>
                {line.kind === 'heading' ? (
                  <h2 className="library-month">{line.text}</h2>
                ) : (
                  <Row
                    row={line.row}
                    at={line.at}
                    on={line.row.capture.captureId === chosen}
                    onPoint={onPoint}
                    onOpen={() => open(line.row)}
                  />
                )}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

function linesOf(rows: readonly LibraryRow[], now: Date): readonly Line[] {
  return byMonth(rows, now).flatMap((group) => [
    ...(group.heading === null ? [] : [{ kind: 'heading' as const, text: group.heading }]),
    ...group.rows.map((row) => ({ kind: 'row' as const, row, at: rows.indexOf(row) })),
  ])
}

function Row({
  row,
  at,
  on,
  onPoint,
  onOpen,
}: {
  readonly row: LibraryRow
  readonly at: number
  readonly on: boolean
  readonly onPoint: () => void
  readonly onOpen: () => void
}) {
  const { intents } = useDesk()
  const { capture, said, score, run, diskBytes } = row
  const now = useNow()
  const read = photosRead(capture)
  return (
    // The grid has the focus and the keys.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      className="library-row"
      role="row"
      aria-rowindex={at + 1}
      aria-selected={on}
      data-capture={capture.captureId}
      onClick={() => {
        intents.searchLibrary({ chosen: capture.captureId })
        onPoint()
      }}
      onDoubleClick={onOpen}
    >
      <span role="gridcell">
        <Thumb address={capture.picture} name="" className="library-thumb" />
      </span>
      <span role="gridcell" className="library-two">
        <b className="clip" data-source="captures.list name">
          {capture.name}
        </b>
        <span className="clip soft" data-source="EXIF">
          {capture.camera ?? capture.folder}
        </span>
      </span>
      <Cell value={read.whole ? read.words : null} source="captures.list photoCount" why={`not read to the end: ${read.words}`} />
      <span role="gridcell">
        <Num value={capture.takenAt ? day(capture.takenAt, now) : null} source="EXIF" why="no time in these photos" className="soft" />
      </span>
      <span role="gridcell" className="library-state">
        <StateGlyph state={said.glyph} />
        <span className="library-two">
          <span className="clip">{said.word}</span>
          <span className="clip soft" data-source="runs.list, captures.list">
            {said.detail}
          </span>
        </span>
      </span>
      <Cell
        value={score === null ? null : String(Math.round(score))}
        source="report.json score"
        why={run ? 'not measured' : 'not run yet'}
        look="library-score"
      />
      <Cell value={run ? 'free' : null} source="run settings where" why="not run yet" look="soft" />
      <Cell
        value={diskBytes > 0 ? bytes(diskBytes) : null}
        source="runs.list diskBytes"
        why={run ? 'counted when the run ends' : 'not run yet: photos stay where they are'}
        look="soft"
      />
    </div>
  )
}

/** A number at the right of its cell. */
function Cell({
  value,
  source,
  why,
  look = '',
}: {
  readonly value: string | null
  readonly source: string
  readonly why?: string
  readonly look?: string
}) {
  return (
    <span role="gridcell" className={`library-number ${look}`}>
      <Num value={value} source={source} {...(why ? { why } : {})} />
    </span>
  )
}
