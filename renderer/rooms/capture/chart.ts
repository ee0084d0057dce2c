import { fitSpots, type Frame, panBy, spotAt, toPixels, zoomAt } from './chart-view.ts'
import { type Drawing, drawChart } from './draw-chart.ts'
import { roundLength } from './plane.ts'

export type ChartReport = { readonly scaleM: number; readonly scalePx: number }

type Hears = { readonly pick: (file: string) => void; readonly moved: (report: ChartReport) => void }

/** Map and links view: one canvas, panned, zoomed and picked by pointer and keys. Draws only when something changed. */
export class Chart {
  private readonly canvas: HTMLCanvasElement
  private readonly hears: Hears
  private readonly undo: (() => void)[] = []
  private drawing: Drawing | null = null
  private frame: Frame | null = null
  private touched = false
  private hover: string | null = null
  private asked = 0
  private drag: { x: number; y: number; far: number } | null = null

  constructor(canvas: HTMLCanvasElement, hears: Hears) {
    this.canvas = canvas
    this.hears = hears
    this.on('pointerdown', (event) => this.down(event))
    this.on('pointermove', (event) => this.move(event))
    this.on('pointerup', (event) => this.up(event))
    this.on('pointerleave', () => this.setHover(null))
    this.on('wheel', (event) => this.wheel(event))
    this.on('keydown', (event) => this.key(event))
    const watch = new ResizeObserver(() => this.ask())
    watch.observe(canvas)
    const theme = new MutationObserver(() => this.ask())
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    this.undo.push(
      () => watch.disconnect(),
      () => theme.disconnect(),
      () => cancelAnimationFrame(this.asked),
    )
  }

  /** Shows a drawing. The frame stays where the user put it; it refits while nobody has touched it. */
  show(drawing: Drawing): void {
    if (drawing.metric !== this.drawing?.metric) this.touched = false
    this.drawing = drawing
    if (!this.touched) this.frame = null
    this.ask()
  }

  fit(): void {
    this.touched = false
    this.frame = null
    this.ask()
  }

  zoom(factor: number): void {
    const { width, height } = this.size()
    this.change((frame) => zoomAt(frame, this.size(), width / 2, height / 2, factor))
  }

  dispose(): void {
    for (const one of this.undo) one()
  }

  private on<K extends keyof HTMLElementEventMap>(kind: K, hear: (event: HTMLElementEventMap[K]) => void): void {
    this.canvas.addEventListener(kind, hear, { passive: false })
    this.undo.push(() => this.canvas.removeEventListener(kind, hear))
  }

  private size() {
    return { width: this.canvas.clientWidth, height: this.canvas.clientHeight }
  }

  private change(next: (frame: Frame) => Frame): void {
    if (!this.frame) return
    this.frame = next(this.frame)
    this.touched = true
    this.ask()
  }

  private ask(): void {
    cancelAnimationFrame(this.asked)
    this.asked = requestAnimationFrame(() => this.draw())
  }

  private draw(): void {
    const { width, height } = this.size()
    const g = this.canvas.getContext('2d')
    if (!g || !this.drawing || width === 0) return
    const ratio = window.devicePixelRatio
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio)
      this.canvas.height = Math.round(height * ratio)
    }
    g.setTransform(ratio, 0, 0, ratio, 0, 0)
    this.frame ??= fitSpots([...this.drawing.spots, ...this.drawing.waypoints], { width, height })
    const style = getComputedStyle(this.canvas)
    drawChart({ g, width, height, colour: (name) => style.getPropertyValue(name).trim() }, this.frame, {
      ...this.drawing,
      hover: this.hover,
    })
    const scaleM = roundLength(110, this.frame.scale)
    this.hears.moved({ scaleM, scalePx: scaleM * this.frame.scale })
  }

  private down(event: PointerEvent): void {
    this.canvas.setPointerCapture(event.pointerId)
    this.drag = { x: event.offsetX, y: event.offsetY, far: 0 }
  }

  private move(event: PointerEvent): void {
    if (!this.drag) return this.setHover(this.at(event)?.file ?? null)
    const { x, y, far } = this.drag
    const [dx, dy] = [event.offsetX - x, event.offsetY - y]
    this.drag = { x: event.offsetX, y: event.offsetY, far: far + Math.hypot(dx, dy) }
    if (this.drag.far > 4) this.change((frame) => panBy(frame, dx, dy))
  }

  private up(event: PointerEvent): void {
    const still = this.drag !== null && this.drag.far <= 4
    this.drag = null
    const spot = still ? this.at(event) : null
    if (spot) this.hears.pick(spot.file)
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault()
    this.change((frame) => zoomAt(frame, this.size(), event.offsetX, event.offsetY, Math.exp(-event.deltaY / 400)))
  }

  private key(event: KeyboardEvent): void {
    const pans: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [40, 0],
      ArrowRight: [-40, 0],
      ArrowUp: [0, 40],
      ArrowDown: [0, -40],
    }
    const pan = pans[event.key]
    if (pan) this.change((frame) => panBy(frame, pan[0], pan[1]))
    else if (event.key === '+' || event.key === '=') this.zoom(1.3)
    else if (event.key === '-') this.zoom(1 / 1.3)
    else if (event.key === '0') this.fit()
    else return
    event.preventDefault()
  }

  private at(event: PointerEvent) {
    return this.frame && this.drawing ? spotAt(this.drawing.spots, this.frame, this.size(), event.offsetX, event.offsetY) : null
  }

  private setHover(file: string | null): void {
    if (file === this.hover) return
    this.hover = file
    this.canvas.style.cursor = file ? 'pointer' : 'grab'
    this.ask()
  }

  /** Pixels of a photo's spot, for tests. */
  pixelsOf(file: string): readonly [number, number] | null {
    const spot = this.drawing?.spots.find((one) => one.file === file)
    return spot && this.frame ? toPixels(this.frame, this.size(), spot.x, spot.y) : null
  }
}
