import { Check, Link2 } from 'lucide-react'
import { memo } from 'react'
import type { Photo } from '../../../core/capture/photo.ts'
import { thumbnailOf } from '../../artefacts.ts'
import { useDesk } from '../../desk.ts'
import { shortName } from '../../format.ts'
import type { CaptureDetail } from '../../mirror-state.ts'
import { Num } from '../../parts/num.tsx'
import { Thumb } from '../../parts/thumb.tsx'
import { FindingBadge } from './finding-badge.tsx'
import type { Lens } from './use-capture.ts'

type Props = {
  readonly id: string
  readonly photo: Photo
  readonly detail: CaptureDetail
  readonly lens: Lens
  readonly chosen: boolean
  readonly picked: boolean
}

/** A photo with fewer links than this hangs on one or two others. */
const fewLinks = 3

/** One photo: picture, in the run or not, its worst finding, name, links. */
export const PhotoTile = memo(function PhotoTile({ id, photo, detail, lens, chosen, picked }: Props) {
  const { intents } = useDesk()
  const { captureId } = detail
  const out = lens.leftOut.has(photo.file)
  const worst = lens.findings.get(photo.file)?.find((one) => one.severity !== 'info')
  const name = shortName(photo.file)
  const pick = (event: React.MouseEvent) => {
    intents.look(
      captureId,
      event.ctrlKey || event.metaKey ? { photo: photo.file, picked: [photo.file] } : { photo: photo.file, picked: [] },
    )
    event.currentTarget.closest<HTMLElement>('[role=grid]')?.focus({ preventScroll: true })
  }
  return (
    // The grid has the focus and the keys; its active cell follows by aria-activedescendant.
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus, jsx-a11y/click-events-have-key-events
    <div
      id={id}
      role="gridcell"
      className={`tile ${out ? 'tile-out' : ''}`}
      aria-selected={chosen || picked}
      data-file={photo.file}
      onClick={pick}
      title={photo.file}
    >
      <Thumb className="tile-picture" address={thumbnailOf(photo.sha256)} name={name} />
      <InRunCheck name={name} out={out} onToggle={() => void intents.setUse(captureId, [photo.file], out)} />
      {worst && (
        <span className="tile-badge">
          <FindingBadge finding={worst} />
        </span>
      )}
      <span className="tile-caption">
        <span className="clip grow" data-source="file name">
          {name}
        </span>
        <LinkCount links={lens.neighbours.get(photo.file)?.length ?? 0} out={out} lens={lens} />
      </span>
    </div>
  )
})

/** Ticked: the photo is in the run. The grid has the keys for it, so it is no tab stop of its own. */
function InRunCheck({ name, out, onToggle }: { readonly name: string; readonly out: boolean; readonly onToggle: () => void }) {
  return (
    <button
      type="button"
      className="tile-check"
      role="checkbox"
      aria-checked={!out}
      aria-label={`${name} in the run`}
      tabIndex={-1}
      onClick={(event) => {
        event.stopPropagation()
        onToggle()
      }}
    >
      {!out && <Check size={13} strokeWidth={2.25} aria-hidden />}
    </button>
  )
}

function LinkCount({ links, out, lens }: { readonly links: number; readonly out: boolean; readonly lens: Lens }) {
  const tone = links === 0 ? (lens.overlapDone && !out ? 'tone-bad' : 'quiet') : links < fewLinks ? 'tone-warn' : 'soft'
  return (
    <span className={tone}>
      <Link2 size={12} aria-hidden />{' '}
      <Num
        value={lens.checked && (links > 0 || !out) ? links : null}
        source="forecast pairs"
        why={out ? 'left out: not compared' : 'overlap not checked yet'}
      />
    </span>
  )
}
