import { type KeyboardEvent, useRef } from 'react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useDesk, useMirror } from '../../desk.ts'
import type { LibraryColumn } from '../../mirror-state.ts'
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
  const scroller = useRef<HTMLDivElement>(null)
  const lines = useLines(rows)
  // No React compiler is in use, which is all that this rule guards.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (at) => (lines[at]?.kind === 'heading' ? headingPx : rowPx),
    overscan: 8,
  })
  const scrollTo = (row: LibraryRow) => virtual.scrollToIndex(lines.findIndex((line) => line.kind === 'row' && line.row === row))
  const { open, onKeyDown } = useRowKeys(rows, chosen, scrollTo)
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

/** Arrows, Home and End choose a row, Enter opens it. */
function useRowKeys(rows: readonly LibraryRow[], chosen: string | null, scrollTo: (row: LibraryRow) => void) {
  const { intents } = useDesk()
  const at = rows.findIndex((row) => row.capture.captureId === chosen)
  const onKeyDown = (event: KeyboardEvent) => {
    // The heads of the columns keep their own keys.
    if (event.target !== event.currentTarget) return
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key]
    const next = to === undefined ? undefined : rows[Math.min(Math.max(to, 0), rows.length - 1)]
    if (next) choose(next)
    else if (event.key === 'Enter' && rows[at]) open(rows[at])
    else return
    event.preventDefault()
  }
  const choose = (row: LibraryRow) => {
    intents.searchLibrary({ chosen: row.capture.captureId })
    scrollTo(row)
  }
  const open = ({ capture: { captureId }, ...row }: LibraryRow) => {
    const scene = sceneRun(row)
    if (scene) intents.openScene(captureId, scene.runId)
    else intents.go({ room: 'capture', captureId })
  }
  return { open, onKeyDown }
}

/** The rows under their months, where they stand by time; else one under the other. */
function useLines(rows: readonly LibraryRow[]): readonly Line[] {
  const byTime = useMirror(({ library }) => library.sort === 'added' && library.down)
  const now = useNow()
  return byTime ? linesOf(rows, now) : rows.map((row, at) => ({ kind: 'row', row, at }))
}

function linesOf(rows: readonly LibraryRow[], now: Date): readonly Line[] {
  return byMonth(rows, now).flatMap((group) => [
    ...(group.heading === null ? [] : [{ kind: 'heading' as const, text: group.heading }]),
    ...group.rows.map((row) => ({ kind: 'row' as const, row, at: rows.indexOf(row) })),
  ])
}

const columns: readonly (readonly [word: string, sort: LibraryColumn | null])[] = [
  ['', null],
  ['Capture', 'name'],
  ['Photos', 'photos'],
  ['Taken', 'taken'],
  ['State', 'state'],
  ['Score', 'score'],
  ['Cost', null],
  ['On disk', 'disk'],
]

function Columns() {
  return (
    <div className="library-columns" role="row">
      {columns.map(([word, sort]) => (
        <ColumnHead key={word} word={word} sort={sort} />
      ))}
    </div>
  )
}

/** A column's name; pressed, it orders the rows by that column, again the other way round, and a third time as they were added. */
function ColumnHead({ word, sort }: { readonly word: string; readonly sort: LibraryColumn | null }) {
  const { intents } = useDesk()
  const order = useMirror((state) => state.library)
  if (sort === null) return <span role="columnheader">{word || <span className="only-read">Picture</span>}</span>
  const isOn = order.sort === sort
  // Words read upwards, figures from the largest.
  const first = sort !== 'name' && sort !== 'state'
  const next = !isOn ? { sort, down: first } : order.down === first ? { sort, down: !first } : { sort: 'added' as const, down: true }
  return (
    <span role="columnheader" aria-sort={isOn ? (order.down ? 'descending' : 'ascending') : 'none'}>
      <button type="button" className="library-sort" onClick={() => intents.searchLibrary(next)}>
        {word}
        <span aria-hidden>{isOn ? (order.down ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </span>
  )
}

type LineProps = Pick<TableProps, 'chosen' | 'onPoint'> & { readonly line: Line; readonly onOpen: (row: LibraryRow) => void }

function TableLine({ line, chosen, onPoint, onOpen }: LineProps) {
  if (line.kind === 'heading') return <h2 className="library-month">{line.text}</h2>
  const { row, at } = line
  return <Row row={row} at={at} on={row.capture.captureId === chosen} onPoint={onPoint} onOpen={() => onOpen(row)} />
}
