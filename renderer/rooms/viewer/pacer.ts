/** More pixels than this an eye does not tell apart on splats, and software graphics cannot pay for them. */
const mostPixelRatio = 1.5
/** A frame that takes longer while the camera moves is drawn with fewer pixels. */
const slowFrameMs = 45
const fastFrameMs = 20
const leastShare = 0.3
/** Stillness after which the full picture is drawn once. */
const settleMs = 260

/** Keeps a slow machine usable: fewer pixels while the camera moves, all of them when it rests. */
export class Pacer {
  private readonly setRatio: (ratio: number) => void
  private readonly ask: () => void
  private moving = false
  /** Share of the pixels while moving; learned from measured frames. */
  private kept = 1
  private settle: ReturnType<typeof setTimeout> | undefined
  private meanMs: number | null = null

  constructor(setRatio: (ratio: number) => void, ask: () => void) {
    this.setRatio = setRatio
    this.ask = ask
  }

  /** Share of the pixels that is drawn while the view moves; below 1 this machine is too slow for all of them. */
  get share(): number {
    return this.kept
  }

  /** Sets the pixel ratio for what the camera does now. */
  apply(): void {
    this.setRatio(Math.min(window.devicePixelRatio, mostPixelRatio) * (this.moving ? this.share : 1))
  }

  before(moving: boolean): void {
    if (!moving || this.moving) return
    this.moving = true
    if (this.share < 1) this.apply()
  }

  /** Learns from a frame that began at `startedMs`; answers the mean frame time while moving, null at rest. */
  after(startedMs: number, moving: boolean): number | null {
    if (this.moving) {
      clearTimeout(this.settle)
      this.settle = setTimeout(() => this.rest(), settleMs)
    }
    if (!moving) return null
    const frameMs = performance.now() - startedMs
    const share =
      frameMs > slowFrameMs ? Math.max(leastShare, this.share * 0.75) : frameMs < fastFrameMs ? Math.min(1, this.share * 1.1) : this.share
    if (share !== this.kept) {
      this.kept = share
      this.apply()
    }
    this.meanMs = this.meanMs === null ? frameMs : this.meanMs * 0.8 + frameMs * 0.2
    return this.meanMs
  }

  dispose(): void {
    clearTimeout(this.settle)
  }

  private rest(): void {
    this.moving = false
    if (this.share === 1) return
    this.apply()
    this.ask()
  }
}
