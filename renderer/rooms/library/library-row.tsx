import type { RunSummary } from '../../../core/run/run-summary.ts'
import { photosRead, type Said } from '../../capture-words.ts'
import { useDesk } from '../../desk.ts'
import { bytes, day } from '../../format.ts'
import { Num } from '../../parts/num.tsx'
import { StateGlyph } from '../../parts/state-glyph.tsx'
import { Thumb } from '../../parts/thumb.tsx'
import { useNow } from '../../parts/use-clock.ts'
import { type LibraryRow, pictureOf } from './library-rows.ts'

type Props = {
  readonly row: LibraryRow
  readonly at: number
  readonly on: boolean
  readonly onPoint: () => void
  readonly onOpen: () => void
}

/** The id by which the grid names its chosen row. */
export function rowId(captureId: string): string {
  return `library-${captureId}`
}

/** One capture with its columns. */
export function Row({ row, at, on, onPoint, onOpen }: Props) {
  const { intents } = useDesk()
  const { capture, said } = row
  const choose = () => {
    intents.searchLibrary({ chosen: capture.captureId })
    onPoint()
  }
  return (
    // The grid has the focus and the keys.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={rowId(capture.captureId)}
      className="library-row"
      role="row"
      aria-rowindex={at + 2}
      aria-selected={on}
      data-capture={capture.captureId}
      onClick={choose}
      onDoubleClick={onOpen}
    >
      <CaptureCells row={row} />
      <StateCell said={said} />
      <RunCells row={row} />
    </div>
  )
}

function CaptureCells({ row }: { readonly row: LibraryRow }) {
  const { capture } = row
  const now = useNow()
  const read = photosRead(capture)
  return (
    <>
      <span role="gridcell">
        <Thumb address={pictureOf(row).address} name="" className="library-thumb" />
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
    </>
  )
}

function StateCell({ said }: { readonly said: Said }) {
  return (
    <span role="gridcell" className="library-state">
      <StateGlyph state={said.glyph} />
      <span className="library-two">
        <span className="clip">{said.word}</span>
        <span className="clip soft" data-source="runs.list, captures.list">
          {said.detail}
        </span>
      </span>
    </span>
  )
}

/** Score, cost and bytes of the runs. */
function RunCells({ row: { run, score, diskBytes } }: { readonly row: LibraryRow }) {
  const whyNot = (other: string) => (run ? other : 'not run yet')
  return (
    <>
      <Cell
        value={score === null ? null : String(Math.round(score))}
        source="report.json score"
        why={whyNot('not measured')}
        look="library-score"
      />
      <Cell value={costOf(run)} source="run settings where" why="not run yet" look="soft" />
      <Cell
        value={diskBytes > 0 ? bytes(diskBytes) : null}
        source="runs.list diskBytes"
        why={whyNot('counted when the run ends')}
        look="soft"
      />
    </>
  )
}

function costOf(run: RunSummary | null): string | null {
  return run?.settings.where === 'local' ? 'free' : null
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
