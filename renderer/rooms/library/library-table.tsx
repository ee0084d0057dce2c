import { type KeyboardEvent, useRef } from 'react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useDesk } from '../../desk.ts'
import { useNow } from '../../parts/use-clock.ts'
import { Row, rowId } from './library-row.tsx'
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
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key]
    const next = to === undefined ? undefined : rows[Math.min(Math.max(to, 0), rows.length - 1)]
    if (next) choose(next)
    else if (event.key === 'Enter' && rows[at]) open(rows[at])
    else return
    event.preventDefault()
  }
  const choose = (row: LibraryRow) => {
    intents.searchLibrary({ chosen: row.capture.captureId })
    virtual.scrollToIndex(lines.findIndex((line) => line.kind === 'row' && line.row === row))
  }
  const open = ({ capture: { captureId }, ...row }: LibraryRow) => {
    const scene = sceneRun(row)
    if (scene) intents.openScene(captureId, scene.runId)
    else intents.go({ room: 'capture', captureId })
  }
  return (
    <div
      className="library-table"
      role="grid"
      aria-label="Captures"
      aria-rowcount={rows.length + 1}
      aria-activedescendant={chosen === null ? undefined : rowId(chosen)}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <Columns />
      <div ref={scroller} className="library-scroll scroll">
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => {
            const line = lines[item.index]
            if (!line) return null
            return (
              <div key={item.key} className="library-line" style={{ transform: `translateY(${item.start}px)`, height: item.size }}>
                <TableLine line={line} chosen={chosen} onPoint={onPoint} onOpen={open} />
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

function Columns() {
  return (
    <div className="library-columns" role="row">
      {['', 'Capture', 'Photos', 'Taken', 'State', 'Score', 'Cost', 'On disk'].map((word) => (
        <span key={word} role="columnheader">
          {word || <span className="only-read">Picture</span>}
        </span>
      ))}
    </div>
  )
}

type LineProps = Pick<TableProps, 'chosen' | 'onPoint'> & { readonly line: Line; readonly onOpen: (row: LibraryRow) => void }

function TableLine({ line, chosen, onPoint, onOpen }: LineProps) {
  if (line.kind === 'heading') return <h2 className="library-month">{line.text}</h2>
  const { row, at } = line
  return <Row row={row} at={at} on={row.capture.captureId === chosen} onPoint={onPoint} onOpen={() => onOpen(row)} />
}
