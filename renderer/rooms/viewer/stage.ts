import { SparkRenderer, type SplatMesh } from '@sparkjsdev/spark'
import * as THREE from 'three'
import type { SceneCamera, SceneFacts, SceneRef } from '../../../core/scene/scene.ts'
import { type Problem, problem } from '../../../core/problem.ts'
import { autoEv, gainOf } from './exposure.ts'
import { cameraAt, CameraMarks } from './camera-marks.ts'
import { FrameLoop } from './frame-loop.ts'
import { Measuring } from './measuring.ts'
import { readScene } from './read-scene.ts'
import { ReadoutBoard } from './readout-board.ts'
import { type Background, backgroundColours, type Readout } from './readout.ts'
import { sampleOf } from './sample.ts'
import type { Ball } from './view-math.ts'
import { type Pose, Viewpoint } from './viewpoint.ts'

export type StageScene = { readonly scene: SceneRef; readonly address: string; readonly facts: SceneFacts | null }

/** The splat stage: mount, show, dispose. It draws only when something changed. */
export class Stage {
  private readonly scene = new THREE.Scene()
  private readonly marks = new CameraMarks(this.scene)
  private readonly board = new ReadoutBoard()
  private readonly frames = new FrameLoop(this.board)
  private readonly measuring = new Measuring(this.scene, this.board)
  private readonly undo: (() => void)[] = []
  private renderer: THREE.WebGLRenderer | null = null
  private view: Viewpoint | null = null
  private mesh: SplatMesh | null = null
  private facts: SceneFacts | null = null
  private ball: Ball = { centre: new THREE.Vector3(), radius: 1 }
  private loading: AbortController | null = null
  private start: Pose | null

  /** `start`: the first scene is seen from there, not from its own first view. */
  constructor(start: Pose | null = null) {
    this.start = start
  }

  readonly get = this.board.get
  readonly subscribe = this.board.subscribe

  /** Puts the canvas into `box`. */
  mount(box: HTMLElement): void {
    try {
      this.renderer = new THREE.WebGLRenderer({ antialias: false, powerPreference: 'high-performance' })
    } catch {
      return this.fail(
        problem(
          'scene/no-webgl',
          'This window cannot draw in 3D: WebGL 2 is not available.',
          'Turn on hardware acceleration, or update the graphics driver.',
        ),
      )
    }
    const { domElement } = this.renderer
    box.append(domElement)
    const { ask } = this.frames
    const spark = new SparkRenderer({ renderer: this.renderer, onDirty: ask, accumExtSplats: true })
    this.scene.add(spark)
    this.view = new Viewpoint(domElement, (told) => {
      this.board.tell(told)
      if ('photo' in told) this.drawCameras()
      ask()
    })
    this.frames.start({ scene: this.scene, renderer: this.renderer, spark, view: this.view })
    this.setBackground(this.board.get().background)
    this.listen(box, domElement)
  }

  private listen(box: HTMLElement, canvas: HTMLCanvasElement): void {
    const watch = new ResizeObserver(() => this.resize(box))
    watch.observe(box)
    const lost = (event: Event) => {
      event.preventDefault()
      this.fail(problem('scene/gpu-lost', 'The graphics card dropped the picture.', 'Show it again: the view stays where it is.'))
    }
    canvas.addEventListener('webglcontextlost', lost)
    const blur = () => this.view?.releaseKeys()
    window.addEventListener('blur', blur)
    this.undo.push(
      () => watch.disconnect(),
      () => canvas.removeEventListener('webglcontextlost', lost),
      () => window.removeEventListener('blur', blur),
    )
    this.resize(box)
  }

  /** Loads and shows a scene. `keepCamera`: the view stays, as between checkpoints. The old scene stays until the new one is ready. */
  async show({ scene, address, facts }: StageScene, keepCamera = false): Promise<void> {
    if (!this.renderer) return
    this.loading?.abort()
    const { signal } = (this.loading = new AbortController())
    const first = this.mesh === null || !keepCamera
    const { tell } = this.board
    tell({ ...(first ? { state: 'loading' as const } : {}), loading: { done: 0, total: scene.bytes }, problem: null })
    const hearing = {
      progress: (done: number, total: number) => tell({ loading: { done, total } }),
      decoding: () => tell({ loading: null, ...(first ? { state: 'decoding' as const } : {}) }),
    }
    const read = await readScene(address, scene, hearing, signal)
    if (read === null) return
    if ('code' in read) this.fail(read)
    else this.swap(read, facts, first)
  }

  private swap(mesh: SplatMesh, facts: SceneFacts | null, first: boolean): void {
    const old = this.mesh
    this.mesh = mesh
    this.facts = facts
    this.scene.add(mesh)
    if (old) {
      this.scene.remove(old)
      old.dispose()
    }
    const { ball, up, lumas } = sampleOf(mesh, facts)
    this.ball = ball
    this.view?.look({ facts, ball, up })
    const ev = autoEv(lumas)
    this.board.tell({ ...(this.board.get().state === 'shown' ? {} : { state: 'sorting' as const }), gaussians: mesh.numSplats, autoEv: ev })
    if (first || this.board.get().autoEv === null) this.setExposure(ev)
    else this.setExposure(this.board.get().ev)
    this.drawCameras()
    if (first && this.start) this.view?.stand(this.start)
    else if (first) this.view?.reset(false)
    this.start = null
    this.frames.ask()
  }

  /** The first view again. */
  reset(): void {
    this.view?.reset(true)
  }

  /** Where the eye is; null before anything was shown. */
  pose(): Pose | null {
    return this.mesh && this.view ? this.view.pose() : null
  }

  frame(): void {
    this.view?.frame()
  }

  setMode(mode: Readout['mode']): void {
    this.view?.setMode(mode)
  }

  /** A key that the focused stage got; true if it was used. */
  pressKey(event: KeyboardEvent): boolean {
    return this.view?.pressKey(event) ?? false
  }

  releaseKey(event: KeyboardEvent): void {
    this.view?.releaseKey(event)
  }

  enterPhoto(camera: SceneCamera, mix = this.board.get().mix): void {
    this.view?.enterPhoto(camera, mix)
  }

  leavePhoto(): void {
    this.view?.leavePhoto()
  }

  setMix(mix: number): void {
    this.board.tell({ mix })
  }

  setExposure(ev: number): void {
    this.mesh?.recolor.setScalar(gainOf(ev))
    this.board.tell({ ev })
    this.frames.ask()
  }

  setBackground(background: Background): void {
    this.scene.background = new THREE.Color(backgroundColours[background])
    this.board.tell({ background })
    this.frames.ask()
  }

  setShowCameras(showCameras: boolean): void {
    this.board.tell({ showCameras })
    this.drawCameras()
    this.frames.ask()
  }

  /** Begins or ends measuring. */
  setMeasuring(on: boolean): void {
    this.measuring.set(on, this.renderer?.domElement)
    this.frames.ask()
  }

  /** Takes the point under a pixel of the canvas as an end of what is measured. */
  measureAt(x: number, y: number): void {
    const { mesh, view, renderer } = this
    if (!mesh || !view || !renderer) return
    this.measuring.pick({ mesh, camera: view.camera, canvas: renderer.domElement }, x, y)
    this.frames.ask()
  }

  /** The same under the middle of the canvas, for who has no pointer. */
  measureAhead(): void {
    const canvas = this.renderer?.domElement
    if (canvas) this.measureAt(canvas.clientWidth / 2, canvas.clientHeight / 2)
  }

  /** The photo whose camera lies nearest to a pixel of the canvas, within reach. */
  photoAt(x: number, y: number): SceneCamera | null {
    if (!this.renderer || !this.view || !this.board.get().showCameras || this.board.get().photo !== null) return null
    return cameraAt(this.facts?.cameras ?? [], this.view.camera, this.renderer.domElement, x, y)
  }

  /** Frees everything. */
  dispose(): void {
    this.loading?.abort()
    this.frames.dispose()
    for (const one of this.undo) one()
    this.view?.dispose()
    this.mesh?.dispose()
    this.marks.dispose()
    this.measuring.dispose()
    this.renderer?.dispose()
    this.renderer?.domElement.remove()
  }

  private drawCameras(): void {
    const visible = this.board.get().showCameras && this.board.get().photo === null
    this.marks.show(visible ? (this.facts?.cameras ?? []) : [], this.facts?.covered?.radius ?? this.ball.radius)
  }

  private resize(box: HTMLElement): void {
    const { clientWidth: width, clientHeight: height } = box
    if (width === 0 || height === 0) return
    this.view?.resize(width / height)
    this.frames.resize(width, height)
  }

  private fail(value: Problem): void {
    this.board.tell({ state: 'failed', loading: null, problem: value })
  }
}
