import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react'
import type { Sketch } from '../../../core/overlap/graph.ts'
import { useDesk } from '../../desk.ts'
import { plural } from '../../format.ts'
import type { CaptureDetail, CaptureView } from '../../mirror-state.ts'
import { cameraAt, drawSketch } from './draw-sketch.ts'
import { firstLook, type Look } from './sketch-view.ts'
import type { Lens } from './use-capture.ts'

type Props = { readonly sketch: Sketch; readonly detail: CaptureDetail; readonly view: CaptureView; readonly lens: Lens }

const turnPerPx = 0.008
const keyPx = 24
/** A hand that clicks moves this far without meaning to. */
const stillPx = 4

/** The rehearsed cameras and points, turned by pointer or arrows. Its equal for the screen reader is the photo grid and the plan's list. */
export function SketchCanvas({ sketch, detail, view, lens }: Props) {
  const { intents } = useDesk()
  const { look, turn, zoom, onKeyDown } = useLook()
  const canvas = useDrawn(
    (to) => drawSketch(to, look, { sketch, plan: lens.plan, chosen: view.photo }),
    [sketch, look, lens.plan, view.photo],
  )
  const pick = (element: HTMLCanvasElement, x: number, y: number) => {
    const file = cameraAt(sketch, look, element.clientWidth, element.clientHeight, x, y)
    if (file) intents.look(detail.captureId, { photo: file, picked: [] })
  }
  const drag = useDrag(turn, pick)
  const planned = lens.plan.positions.filter(({ inSketch }) => inSketch !== null).length
  return (
    <canvas
      ref={canvas}
      className="chart-canvas"
      tabIndex={0}
      role="img"
      aria-label={`${plural(sketch.cameras.length, 'camera')} over ${plural(sketch.points.length / 3, 'point')} of the rehearsal${planned > 0 ? `, ${plural(planned, 'position')} to re-shoot` : ''}. Arrows turn it. The photo grid lists the same photos.`}
      {...drag}
      onWheel={(event) => zoom(Math.exp(-event.deltaY / 400))}
      onKeyDown={onKeyDown}
    />
  )
}

/** How the sketch is looked at, and the ways to change that. */
function useLook() {
  const [look, setLook] = useState<Look>(firstLook)
  const turn = (dx: number, dy: number) =>
    setLook((old) => ({
      ...old,
      turnRad: old.turnRad + dx * turnPerPx,
      tiltRad: Math.max(0, Math.min(Math.PI / 2, old.tiltRad + dy * turnPerPx)),
    }))
  const zoom = (factor: number) => setLook((old) => ({ ...old, zoom: Math.max(0.2, Math.min(20, old.zoom * factor)) }))
  const onKeyDown = (event: KeyboardEvent) => {
    const turns: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-keyPx, 0],
      ArrowRight: [keyPx, 0],
      ArrowUp: [0, -keyPx],
      ArrowDown: [0, keyPx],
    }
    const way = turns[event.key]
    if (way) turn(...way)
    else if (event.key === '+' || event.key === '=') zoom(1.3)
    else if (event.key === '-') zoom(1 / 1.3)
    else if (event.key === '0') setLook(firstLook)
    else return
    event.preventDefault()
  }
  return { look, turn, zoom, onKeyDown }
}

/** A pointer that stays nearly still picks; one that moves turns. */
function useDrag(turn: (dx: number, dy: number) => void, pick: (element: HTMLCanvasElement, x: number, y: number) => void) {
  const drag = useRef<{ x: number; y: number; far: number } | null>(null)
  return {
    onPointerDown: (event: PointerEvent<HTMLCanvasElement>) => {
      event.currentTarget.setPointerCapture(event.pointerId)
      drag.current = { x: event.clientX, y: event.clientY, far: 0 }
    },
    onPointerMove: (event: PointerEvent) => {
      if (!drag.current) return
      const [dx, dy] = [event.clientX - drag.current.x, event.clientY - drag.current.y]
      drag.current = { x: event.clientX, y: event.clientY, far: drag.current.far + Math.hypot(dx, dy) }
      turn(dx, dy)
    },
    onPointerUp: (event: PointerEvent<HTMLCanvasElement>) => {
      const still = drag.current !== null && drag.current.far <= stillPx
      drag.current = null
      if (still) pick(event.currentTarget, event.nativeEvent.offsetX, event.nativeEvent.offsetY)
    },
  }
}

/** A canvas that is drawn anew when what it shows, its size or the theme changes. */
function useDrawn(draw: Draw, shows: readonly unknown[]): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const element = canvas.current
    if (!element) return undefined
    const again = () => paint(element, draw)
    again()
    const watch = new ResizeObserver(again)
    watch.observe(element)
    const theme = new MutationObserver(again)
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => {
      watch.disconnect()
      theme.disconnect()
    }
    // `draw` is made with every render; what it shows decides.
    // oxlint-disable-next-line react/exhaustive-deps
  }, shows)
  return canvas
}

type Draw = (to: Parameters<typeof drawSketch>[0]) => void

function paint(element: HTMLCanvasElement, draw: Draw): void {
  const { clientWidth: width, clientHeight: height } = element
  const g = element.getContext('2d')
  if (!g || width === 0) return
  const ratio = window.devicePixelRatio
  element.width = Math.round(width * ratio)
  element.height = Math.round(height * ratio)
  g.setTransform(ratio, 0, 0, ratio, 0, 0)
  const style = getComputedStyle(element)
  draw({ g, width, height, colour: (name) => style.getPropertyValue(name).trim() })
}
