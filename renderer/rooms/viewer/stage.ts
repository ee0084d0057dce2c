import { SparkRenderer, SplatMesh } from '@sparkjsdev/spark'
import * as THREE from 'three'
import type { SceneCamera, SceneFacts, SceneRef } from '../../../core/scene/scene.ts'
import { type Problem, problem } from '../../../core/problem.ts'
import { fileNameFor } from './file-name.ts'
import { isSorted, whenDrawn } from './first-picture.ts'
import { autoEv, gainOf } from './exposure.ts'
import { cameraAt, CameraMarks } from './camera-marks.ts'
import { loadScene } from './load-scene.ts'
import { type Background, backgroundColours, firstReadout, type Readout } from './readout.ts'
import { Pacer } from './pacer.ts'
import { pickPoint, Ruler } from './ruler.ts'
import { sampleOf } from './sample.ts'
import type { Ball } from './view-math.ts'
import { type Pose, Viewpoint } from './viewpoint.ts'

export type StageScene = { readonly scene: SceneRef; readonly address: string; readonly facts: SceneFacts | null }

/** The splat stage: mount, show, dispose. It draws only when something changed. */
export class Stage {
  private readonly scene = new THREE.Scene()
  private readonly marks = new CameraMarks(this.scene)
  private readonly ruler = new Ruler(this.scene)
  private readonly clock = new THREE.Timer()
  private readonly hearers = new Set<() => void>()
  private readonly undo: (() => void)[] = []
  private renderer: THREE.WebGLRenderer | null = null
  private view: Viewpoint | null = null
  private spark: SparkRenderer | null = null
  private mesh: SplatMesh | null = null
  private facts: SceneFacts | null = null
  private ball: Ball = { centre: new THREE.Vector3(), radius: 1 }
  private loading: AbortController | null = null
  private asked = 0
  private stopWaiting: (() => void) | null = null
  private readonly pacer = new Pacer(
    (ratio) => this.renderer?.setPixelRatio(ratio),
    () => this.ask(),
  )
  private readout: Readout = firstReadout

  private start: Pose | null

  /** `start`: the first scene is seen from there, not from its own first view. */
  constructor(start: Pose | null = null) {
    this.start = start
  }

  readonly get = (): Readout => this.readout
  readonly subscribe = (hear: () => void): (() => void) => {
    this.hearers.add(hear)
    return () => void this.hearers.delete(hear)
  }

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
    this.spark = new SparkRenderer({ renderer: this.renderer, onDirty: () => this.ask(), accumExtSplats: true })
    this.scene.add(this.spark)
    this.view = new Viewpoint(domElement, (told) => {
      this.tell(told)
      if ('photo' in told) this.drawCameras()
      this.ask()
    })
    this.setBackground(this.readout.background)
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
    this.tell({ ...(first ? { state: 'loading' as const } : {}), loading: { done: 0, total: scene.bytes }, problem: null })
    try {
      const bytes = await loadScene(address, scene, (done, total) => this.tell({ loading: { done, total } }), signal)
      if ('code' in bytes) return this.fail(bytes)
      this.tell({ loading: null, ...(first ? { state: 'decoding' as const } : {}) })
      const mesh = new SplatMesh({ fileBytes: bytes, fileName: fileNameFor(scene), extSplats: true })
      await mesh.initialized
      if (signal.aborted) return mesh.dispose()
      this.swap(mesh, facts, first)
    } catch (cause) {
      if (signal.aborted) return
      this.fail(
        problem(
          'scene/format',
          `${scene.name} could not be decoded.`,
          'Convert it with "spaceport convert", or open the .ply of the same run.',
        ),
      )
      console.warn('decoding failed', cause)
    }
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
    this.tell({ ...(this.readout.state === 'shown' ? {} : { state: 'sorting' as const }), gaussians: mesh.numSplats, autoEv: ev })
    if (first || this.readout.autoEv === null) this.setExposure(ev)
    else this.setExposure(this.readout.ev)
    this.drawCameras()
    if (first && this.start) this.view?.stand(this.start)
    else if (first) this.view?.reset(false)
    this.start = null
    this.ask()
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

  enterPhoto(camera: SceneCamera, mix = this.readout.mix): void {
    this.view?.enterPhoto(camera, mix)
  }

  leavePhoto(): void {
    this.view?.leavePhoto()
  }

  setMix(mix: number): void {
    this.tell({ mix })
  }

  setExposure(ev: number): void {
    this.mesh?.recolor.setScalar(gainOf(ev))
    this.tell({ ev })
    this.ask()
  }

  setBackground(background: Background): void {
    this.scene.background = new THREE.Color(backgroundColours[background])
    this.tell({ background })
    this.ask()
  }

  setShowCameras(showCameras: boolean): void {
    this.tell({ showCameras })
    this.drawCameras()
    this.ask()
  }

  /** Begins or ends measuring. */
  setMeasuring(on: boolean): void {
    this.ruler.clear()
    this.tell({ ruler: on ? { points: [], missed: false } : null })
    // Enter then picks, and does not press the button again.
    if (on) this.renderer?.domElement.parentElement?.focus({ preventScroll: true })
    this.ask()
  }

  /** Takes the point under a pixel as an end of the line; a third begins a new line. */
  measureAt(x: number, y: number): void {
    const { mesh, view, renderer } = this
    const { ruler } = this.readout
    if (!mesh || !view || !renderer || !ruler) return
    const { clientWidth, clientHeight } = renderer.domElement
    const found = pickPoint(mesh, view.camera, new THREE.Vector2((x / clientWidth) * 2 - 1, 1 - (y / clientHeight) * 2))
    const before = ruler.points.length < 2 ? ruler.points : []
    const points = found ? [...before, found] : ruler.points
    this.ruler.show(points, view.camera.position)
    this.tell({ ruler: { points, missed: found === null } })
    this.ask()
  }

  /** The same under the middle of the canvas, for who has no pointer. */
  measureAhead(): void {
    const canvas = this.renderer?.domElement
    if (canvas) this.measureAt(canvas.clientWidth / 2, canvas.clientHeight / 2)
  }

  /** The photo whose camera lies nearest to a pixel of the canvas, within reach. */
  photoAt(x: number, y: number): SceneCamera | null {
    if (!this.renderer || !this.view || !this.readout.showCameras || this.readout.photo !== null) return null
    return cameraAt(this.facts?.cameras ?? [], this.view.camera, this.renderer.domElement, x, y)
  }

  /** Frees everything. */
  dispose(): void {
    this.loading?.abort()
    cancelAnimationFrame(this.asked)
    this.stopWaiting?.()
    this.pacer.dispose()
    for (const one of this.undo) one()
    this.view?.dispose()
    this.mesh?.dispose()
    this.marks.dispose()
    this.ruler.clear()
    this.renderer?.dispose()
    this.renderer?.domElement.remove()
  }

  private drawCameras(): void {
    const visible = this.readout.showCameras && this.readout.photo === null
    this.marks.show(visible ? (this.facts?.cameras ?? []) : [], this.facts?.covered?.radius ?? this.ball.radius)
  }

  private resize(box: HTMLElement): void {
    const { clientWidth: width, clientHeight: height } = box
    if (width === 0 || height === 0) return
    this.view?.resize(width / height)
    this.renderer?.setSize(width, height)
    this.pacer.apply()
    this.ask()
  }

  private ask(): void {
    if (this.asked !== 0) return
    this.asked = requestAnimationFrame(() => this.draw())
  }

  private draw(): void {
    this.asked = 0
    const { renderer, view } = this
    if (!renderer || !view) return
    const started = performance.now()
    this.clock.update(started)
    const seconds = Math.min(this.clock.getDelta(), 0.25)
    const moving = view.step(seconds)
    this.pacer.before(moving)
    const sorted = isSorted(this.spark)
    renderer.render(this.scene, view.camera)
    if (sorted && this.readout.state === 'sorting' && this.stopWaiting === null) this.awaitPicture()
    const frameMs = this.pacer.after(started, moving)
    if (this.mesh && frameMs !== null) this.tell({ frameMs, drawnRatio: this.pacer.share })
    if (moving) this.ask()
  }

  private awaitPicture(): void {
    this.stopWaiting = whenDrawn(this.renderer?.getContext() as WebGL2RenderingContext, () => {
      this.stopWaiting = null
      if (this.readout.state === 'sorting') this.tell({ state: 'shown' })
    })
  }

  private fail(value: Problem): void {
    this.tell({ state: 'failed', loading: null, problem: value })
  }

  private tell(change: Partial<Readout>): void {
    this.readout = { ...this.readout, ...change }
    for (const hear of this.hearers) hear()
  }
}
