import { type RefObject, useEffect, useMemo, useRef } from 'react'
import type { Photo } from '../../../core/capture/photo.ts'
import { useDesk } from '../../desk.ts'
import { clockTime, count, shortName } from '../../format.ts'
import type { CaptureDetail, CaptureView } from '../../mirror-state.ts'
import { Num } from '../../parts/num.tsx'
import { inFlightOrder } from './choose-photos.ts'
import { strengthOf } from './links.ts'
import type { Lens } from './use-capture.ts'

/** Links per photo in the order of flight: gaps show as short bars. */
export function Strip({ detail, view, lens }: { readonly detail: CaptureDetail; readonly view: CaptureView; readonly lens: Lens }) {
  const { intents } = useDesk()
  const order = useMemo(() => inFlightOrder(detail.photos), [detail.photos])
  const bars = barsOf(order, view, lens)
  const canvas = useDrawn((element) => drawStrip(element, lens.overlapDone, bars))
  const pick = (event: React.MouseEvent) => {
    const at = Math.floor((event.nativeEvent.offsetX / event.currentTarget.clientWidth) * order.length)
    intents.look(detail.captureId, { photo: order[at]?.file ?? null, picked: [] })
  }
  const timed = order.every((one) => one.takenAt !== null)
  const end = (photo: Photo | undefined) => (timed && photo?.takenAt ? clockTime(photo.takenAt) : shortName(photo?.file ?? ''))
  return (
    <section className="strip" aria-label="Links forecast per photo">
      <div className="row">
        <h2 className="grow">Links forecast per photo, in flight order</h2>
        <MedianAndWeakest links={lens.checked ? bars.map((one) => one.links) : []} />
      </div>
      <canvas
        ref={canvas}
        className="strip-canvas"
        role="img"
        aria-label={`Links forecast for ${order.length} photos`}
        onClick={pick}
        title={view.photo ? shortName(view.photo) : undefined}
      />
      <div className="row quiet strip-ends">
        <span data-source="EXIF">{end(order[0])}</span>
        <span className="grow" />
        <span data-source="EXIF">{end(order.at(-1))}</span>
      </div>
    </section>
  )
}

/** What half of the photos reach, and what the weakest has; nothing while the overlap is not checked. */
function MedianAndWeakest({ links }: { readonly links: readonly number[] }) {
  const sorted = links.toSorted((a, b) => a - b)
  const told = (at: number) => {
    const value = sorted[at]
    return <Num value={value === undefined ? null : count(value)} source="forecast pairs" why="overlap not checked yet" />
  }
  return (
    <span className="quiet">
      median {told(Math.floor(sorted.length / 2))}, weakest {told(0)}
    </span>
  )
}

/** A canvas that is drawn with every render and whenever its size changes. */
function useDrawn(draw: (element: HTMLCanvasElement) => void): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const element = canvas.current
    if (!element) return undefined
    const watch = new ResizeObserver(() => draw(element))
    watch.observe(element)
    draw(element)
    return () => watch.disconnect()
  })
  return canvas
}

function barsOf(order: readonly Photo[], view: CaptureView, lens: Lens): readonly Bar[] {
  const shown = new Set(lens.photos.map((one) => one.file))
  return order.map(({ file }) => {
    const neighbours = lens.neighbours.get(file) ?? []
    return { links: neighbours.length, best: neighbours[0]?.inliers ?? 0, chosen: file === view.photo, shown: shown.has(file) }
  })
}

type Bar = { readonly links: number; readonly best: number; readonly chosen: boolean; readonly shown: boolean }

function drawStrip(canvas: HTMLCanvasElement, sure: boolean, bars: readonly Bar[]): void {
  const g = canvas.getContext('2d')
  const { clientWidth: width, clientHeight: height } = canvas
  if (!g || width === 0) return
  const ratio = window.devicePixelRatio
  canvas.width = width * ratio
  canvas.height = height * ratio
  g.scale(ratio, ratio)
  const style = getComputedStyle(canvas)
  const most = Math.max(1, ...bars.map((one) => one.links))
  const step = width / bars.length
  bars.forEach((bar, at) => {
    const strength = strengthOf(bar.best)
    const name = bar.chosen ? '--accent' : bar.links === 0 ? (sure ? '--bad' : '--line-2') : strength === 'strong' ? '--ok' : '--warn'
    const h = bar.links === 0 ? 4 : (bar.links / most) * (height - 4) + 4
    g.globalAlpha = bar.shown ? 1 : 0.3
    g.fillStyle = style.getPropertyValue(name).trim()
    g.fillRect(at * step, height - h, Math.max(1, Math.min(step - 1, 18)), h)
  })
}
