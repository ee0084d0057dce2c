import { useMemo } from 'react'
import { workedPlan } from '../../../core/overlap/reshoot-worked.ts'
import { useMirror } from '../../desk.ts'
import { type CaptureDetail, type CaptureView, firstView } from '../../mirror-state.ts'
import { choosePhotos } from './choose-photos.ts'
import { findingsByFile } from './finding-words.ts'
import { linksOf, neighboursOf } from './links.ts'

/** How the user looks at a capture now. */
export function useView(captureId: string): CaptureView {
  return useMirror((state) => state.views.get(captureId) ?? firstView)
}

/** What the parts of the room share, computed once a change. */
export function useLens(detail: CaptureDetail, view: CaptureView) {
  const photos = useMemo(() => choosePhotos(detail, view), [detail, view])
  const byFile = useMemo(() => new Map(detail.photos.map((one) => [one.file, one])), [detail.photos])
  const findings = useMemo(() => findingsByFile(detail.findings), [detail.findings])
  const neighbours = useMemo(() => neighboursOf(detail.pairs), [detail.pairs])
  const links = useMemo(() => linksOf(detail.pairs), [detail.pairs])
  const leftOut = useMemo(() => new Set(detail.leftOut), [detail.leftOut])
  const checked = detail.forecast !== null || detail.pairsTried > 0
  // Until the last pair was tried a photo without links may still find one.
  const overlapDone = detail.forecast !== null
  const reshoot = useMemo(
    () =>
      workedPlan({
        photos: detail.photos,
        leftOut: detail.leftOut,
        findings: detail.findings,
        forecast: detail.forecast,
        keptPlan: detail.keptPlan,
      }),
    [detail.photos, detail.leftOut, detail.findings, detail.forecast, detail.keptPlan],
  )
  const doubted = useMemo(
    () => new Set(detail.findings.flatMap(({ code, files }) => (code === 'photo/gps-outlier' ? files : []))),
    [detail.findings],
  )
  return { plan: reshoot.plan, reshoot, doubted, photos, byFile, findings, neighbours, links, leftOut, checked, overlapDone }
}

export type Lens = ReturnType<typeof useLens>
