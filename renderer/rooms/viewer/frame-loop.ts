import type { SparkRenderer } from '@sparkjsdev/spark'
import * as THREE from 'three'
import { isSorted, whenDrawn } from './first-picture.ts'
import { Pacer } from './pacer.ts'
import type { ReadoutBoard } from './readout-board.ts'
import type { Viewpoint } from './viewpoint.ts'

/** What a frame is drawn with. */
export type Drawn = {
  readonly scene: THREE.Scene
  readonly renderer: THREE.WebGLRenderer
  readonly spark: SparkRenderer
  readonly view: Viewpoint
}

/** Longer than this no step of the view is: after a pause it would jump. */
const longestStepS = 0.25

/** Draws when something asked for a frame, goes on while the view moves, and tells of the first picture and of the time that frames take. */
export class FrameLoop {
  private readonly board: ReadoutBoard
  private readonly clock = new THREE.Timer()
  private drawn: Drawn | null = null
  private asked = 0
  private stopWaiting: (() => void) | null = null
  private readonly pacer = new Pacer(
    (ratio) => this.drawn?.renderer.setPixelRatio(ratio),
    () => this.ask(),
  )

  constructor(board: ReadoutBoard) {
    this.board = board
  }

  start(drawn: Drawn): void {
    this.drawn = drawn
  }

  readonly ask = (): void => {
    if (this.asked !== 0) return
    this.asked = requestAnimationFrame(() => this.draw())
  }

  resize(width: number, height: number): void {
    this.drawn?.renderer.setSize(width, height)
    this.pacer.apply()
    this.ask()
  }

  dispose(): void {
    cancelAnimationFrame(this.asked)
    this.stopWaiting?.()
    this.pacer.dispose()
  }

  private draw(): void {
    this.asked = 0
    if (!this.drawn) return
    const { scene, renderer, spark, view } = this.drawn
    const started = performance.now()
    this.clock.update(started)
    const moving = view.step(Math.min(this.clock.getDelta(), longestStepS))
    this.pacer.before(moving)
    const sorted = isSorted(spark)
    renderer.render(scene, view.camera)
    if (sorted && this.board.get().state === 'sorting' && this.stopWaiting === null) this.awaitPicture(renderer)
    const frameMs = this.pacer.after(started, moving)
    if (this.board.get().gaussians !== null && frameMs !== null) this.board.tell({ frameMs, drawnRatio: this.pacer.share })
    if (moving) this.ask()
  }

  private awaitPicture(renderer: THREE.WebGLRenderer): void {
    this.stopWaiting = whenDrawn(renderer.getContext() as WebGL2RenderingContext, () => {
      this.stopWaiting = null
      if (this.board.get().state === 'sorting') this.board.tell({ state: 'shown' })
    })
  }
}
