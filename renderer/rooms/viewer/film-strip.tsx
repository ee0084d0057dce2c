import { useEffect, useMemo, useRef } from 'react'
import type { SceneCamera } from '../../../core/scene/scene.ts'
import { thumbnailOf } from '../../artefacts.ts'
import { useMirror } from '../../desk.ts'
import { valueOf } from '../../mirror-state.ts'
import { decimal, shortName } from '../../format.ts'
import { Num } from '../../parts/num.tsx'
import { Thumb } from '../../parts/thumb.tsx'

/** The photos of the scene in order; a click goes to where one was taken. */
export function FilmStrip({
  captureId,
  cameras,
  current,
  onJump,
}: {
  readonly captureId: string | null
  readonly cameras: readonly SceneCamera[]
  readonly current: string | null
  readonly onJump: (camera: SceneCamera) => void
}) {
  const list = useRef<HTMLUListElement>(null)
  const detail = valueOf(useMirror((state) => state.details.get(captureId ?? '')))
  // The capture's thumbnails are small; a scene without its capture shows the undistorted photos.
  const thumbs = useMemo(() => new Map(detail?.photos.map((one) => [one.file, thumbnailOf(one.sha256)])), [detail])
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    // The current photo is marked in the document; it is scrolled to when it becomes another.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [current])
  return (
    <ul ref={list} className="film-strip scroll" aria-label="Photos of this scene">
      {cameras.map((camera) => (
        <li key={camera.file}>
          <button
            type="button"
            aria-current={camera.file === current ? 'true' : undefined}
            onClick={() => onJump(camera)}
            title={camera.file}
          >
            <Thumb address={thumbs.get(camera.file) ?? camera.imageUrl} name={shortName(camera.file)} className="film-picture" />
            <span className="clip" data-source="file name">
              {shortName(camera.file)}
            </span>
            {camera.psnr !== null && <Num value={`${decimal(camera.psnr, 1)} dB`} source="3dgs/metrics.json" className="film-psnr" />}
          </button>
        </li>
      ))}
    </ul>
  )
}
