import { useMemo } from 'react'
import { planReshoot } from '../../../core/overlap/reshoot.ts'
import { type Judged, judgePlan } from '../../../core/overlap/reshoot-judge.ts'
import { type KeptPlan, openPlan } from '../../../core/overlap/reshoot-kept.ts'
import type { ReshootPlan } from '../../../core/overlap/reshoot-plan.ts'
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
  const { plan, reshoot } = usePlan(detail)
  const doubted = useMemo(
    () => new Set(detail.findings.flatMap(({ code, files }) => (code === 'photo/gps-outlier' ? files : []))),
    [detail.findings],
  )
  return { plan, reshoot, doubted, photos, byFile, findings, neighbours, links, leftOut, checked, overlapDone }
}

/** The plan that is worked with, and what a later check says of it. */
export type Reshoot = { readonly kept: KeptPlan | null; readonly whole: ReshootPlan; readonly judged: readonly Judged[] | null }

/** The re-shoot plan for the photos that go into the run: the kept one where there is one. `plan`: what is still to be photographed. */
function usePlan({ photos, leftOut, findings, forecast, keptPlan: kept }: CaptureDetail) {
  const captured = useMemo(() => {
    const out = new Set(leftOut)
    return { photos: photos.filter(({ file }) => !out.has(file)), findings, forecast }
  }, [photos, leftOut, findings, forecast])
  return useMemo((): { readonly plan: ReshootPlan; readonly reshoot: Reshoot } => {
    if (!kept) {
      const whole = planReshoot(captured)
      return { plan: whole, reshoot: { kept, whole, judged: null } }
    }
    const judged = judgePlan(kept, captured)
    const contents = photos.map(({ sha256 }) => sha256)
    return { plan: openPlan(kept, judged, contents), reshoot: { kept, whole: kept.plan, judged } }
  }, [kept, captured, photos])
}

export type Lens = ReturnType<typeof useLens>
