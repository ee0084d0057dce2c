import { SparkRenderer, SplatMesh } from '@sparkjsdev/spark'
import type CameraControls from 'camera-controls'
import * as THREE from 'three'
import type { SceneCamera, SceneFacts, SceneRef } from '../../../core/contract.ts'
import { type Problem, problem } from '../../../core/problem.ts'
import { fileNameFor } from './check-scene.ts'
import { autoEv, gainOf } from './exposure.ts'
import { FlyKeys } from './fly-keys.ts'
import { cameraAt, CameraMarks } from './camera-marks.ts'
import { loadScene } from './load-scene.ts'
import { type Background, backgroundColours, firstReadout, type Readout } from './readout.ts'
import { Pacer } from './pacer.ts'
import { sampleOf } from './sample.ts'
import { setSteering, steering } from './steering.ts'
import { type Ball, fovToContain, openingFovDeg, openingView, orientationOf, restingAhead } from './view-math.ts'

export type StageScene = { readonly scene: SceneRef; readonly address: string; readonly facts: SceneFacts | null }

/** The splat stage: mount, show, dispose. It draws only when something changed. */
export class Stage {
  private readonly scene = new THREE.Scene()
  private readonly camera = new THREE.PerspectiveCamera(openingFovDeg, 1, 0.01, 5000)
  private readonly keys = new FlyKeys()
  private readonly marks = new CameraMarks(this.scene)
  private readonly clock = new THREE.Timer()
  private readonly hearers = new Set<() => void>()
  private readonly undo: (() => void)[] = []
  private renderer: THREE.WebGLRenderer | null = null
  private controls: CameraControls | null = null
  private spark: SparkRenderer | null = null
  private mesh: SplatMesh | null = null
  private facts: SceneFacts | null = null
  private ball: Ball = { centre: new THREE.Vector3(), radius: 1 }
  private loading: AbortController | null = null
  private asked = 0
  private readonly pacer = new Pacer(
    (ratio) => this.renderer?.setPixelRatio(ratio),
    () => this.ask(),
  )
  private readout: Readout = firstReadout

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
    this.controls = steering(this.camera, domElement, { started: () => this.leavePhoto(), moved: () => this.ask() })
    this.setBackground(this.readout.background)
    this.listen(box, domElement)
  }

  private listen(box: HTMLElement, canvas: HTMLCanvasElement): void {
    const watch = new ResizeObserver(() => this.resize(box))
    watch.observe(box)
    const lost = (event: Event) => {
      event.preventDefault()
      this.fail(problem('scene/gpu-lost', 'The graphics card dropped the picture.', 'Open the scene again; the camera stays where it is.'))
    }
    canvas.addEventListener('webglcontextlost', lost)
    const blur = () => this.keys.clear()
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
    const { ball, lumas } = sampleOf(mesh, facts)
    this.ball = ball
    const ev = autoEv(lumas)
    this.tell({ state: 'shown', gaussians: mesh.numSplats, autoEv: ev })
    if (first || this.readout.autoEv === null) this.setExposure(ev)
    else this.setExposure(this.readout.ev)
    this.drawCameras()
    if (first) this.reset(false)
    this.ask()
  }

  /** The first view again. */
  reset(smooth = true): void {
    const { eye, target, up } = openingView(this.facts, this.ball, this.camera.aspect)
    this.leavePhoto()
    this.setMode('orbit')
    this.camera.up.copy(up)
    this.controls?.updateCameraUp()
    this.setFov(openingFovDeg)
    const size = eye.distanceTo(target)
    this.camera.near = size / 500
    this.camera.far = size * 200
    this.camera.updateProjectionMatrix()
    void this.controls?.setLookAt(...eye.toArray(), ...target.toArray(), smooth)
    this.ask()
  }

  /** Everything in view, from where the camera looks now. */
  frame(): void {
    this.leavePhoto()
    this.setMode('orbit')
    const covered = this.facts?.covered
    const ball = covered
      ? new THREE.Sphere(new THREE.Vector3(...covered.centre), covered.radius)
      : new THREE.Sphere(this.ball.centre.clone(), this.ball.radius)
    void this.controls?.fitToSphere(ball, true)
    this.ask()
  }

  /** Orbit turns about a point; fly turns about the camera itself. */
  setMode(mode: 'orbit' | 'fly'): void {
    const { controls } = this
    if (!controls || mode === this.readout.mode) return
    this.leavePhoto()
    const eye = controls.getPosition(new THREE.Vector3())
    const ahead = this.camera.getWorldDirection(new THREE.Vector3())
    const distance = mode === 'fly' ? this.ball.radius * 1e-3 : Math.max(eye.distanceTo(this.middle()), this.ball.radius * 0.2)
    setSteering(controls, mode, distance, this.ball.radius)
    void controls.setLookAt(...eye.toArray(), ...eye.clone().addScaledVector(ahead, distance).toArray(), false)
    this.tell({ mode })
    this.ask()
  }

  private middle(): THREE.Vector3 {
    return this.facts?.covered ? new THREE.Vector3(...this.facts.covered.centre) : this.ball.centre
  }

  /** A key that the focused stage got; true if it was used. */
  pressKey(event: KeyboardEvent): boolean {
    const turns: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-5, 0],
      ArrowRight: [5, 0],
      ArrowUp: [0, -5],
      ArrowDown: [0, 5],
    }
    const turn = turns[event.key]
    if (turn) {
      this.leavePhoto()
      void this.controls?.rotate(THREE.MathUtils.degToRad(turn[0]), THREE.MathUtils.degToRad(turn[1]), true)
    } else if (!this.keys.press(event)) return false
    else if (this.readout.mode === 'orbit') this.setMode('fly')
    this.ask()
    return true
  }

  releaseKey(event: KeyboardEvent): void {
    this.keys.release(event)
  }

  /** Puts the camera into a photo's pose and lens, so that photo and splat lie over each other. */
  enterPhoto(camera: SceneCamera, mix = this.readout.mix): void {
    this.setMode('orbit')
    this.camera.position.set(...camera.centre)
    this.camera.quaternion.copy(orientationOf(camera))
    this.setFov(fovToContain(camera, this.camera.aspect))
    this.tell({ photo: camera.file, mix })
    this.drawCameras()
    this.ask()
  }

  /** Back to the free camera, from where the photo stood. Its roll is let go. */
  leavePhoto(): void {
    if (this.readout.photo === null) return
    const eye = this.camera.position.clone()
    const top = new THREE.Vector3(0, 1, 0).applyQuaternion(this.camera.quaternion)
    const ahead = restingAhead(this.camera.getWorldDirection(new THREE.Vector3()), top, this.camera.up)
    const distance = Math.max(eye.distanceTo(this.middle()), this.ball.radius * 0.05)
    this.setFov(openingFovDeg)
    void this.controls?.setLookAt(...eye.toArray(), ...eye.clone().addScaledVector(ahead, distance).toArray(), false)
    this.tell({ photo: null })
    this.drawCameras()
    this.ask()
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

  /** The photo whose camera lies nearest to a pixel of the canvas, within reach. */
  photoAt(x: number, y: number): SceneCamera | null {
    if (!this.renderer || !this.readout.showCameras || this.readout.photo !== null) return null
    return cameraAt(this.facts?.cameras ?? [], this.camera, this.renderer.domElement, x, y)
  }

  /** Frees everything. */
  dispose(): void {
    this.loading?.abort()
    cancelAnimationFrame(this.asked)
    this.pacer.dispose()
    for (const one of this.undo) one()
    this.controls?.dispose()
    this.mesh?.dispose()
    this.marks.dispose()
    this.renderer?.dispose()
    this.renderer?.domElement.remove()
  }

  private drawCameras(): void {
    const visible = this.readout.showCameras && this.readout.photo === null
    this.marks.show(visible ? (this.facts?.cameras ?? []) : [], this.facts?.covered?.radius ?? this.ball.radius)
  }

  private setFov(fovDeg: number): void {
    this.camera.fov = fovDeg
    this.camera.updateProjectionMatrix()
    this.tell({ fovDeg })
  }

  private resize(box: HTMLElement): void {
    const { clientWidth: width, clientHeight: height } = box
    if (width === 0 || height === 0) return
    this.camera.aspect = width / height
    const photo = this.facts?.cameras.find((one) => one.file === this.readout.photo)
    if (photo) this.setFov(fovToContain(photo, this.camera.aspect))
    this.camera.updateProjectionMatrix()
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
    const { renderer, controls } = this
    if (!renderer || !controls) return
    const started = performance.now()
    this.clock.update(started)
    const seconds = Math.min(this.clock.getDelta(), 0.25)
    if (this.keys.moving) this.keys.step(controls, seconds, this.ball.radius * 0.5)
    const moving = (this.readout.photo === null && controls.update(seconds)) || this.keys.moving
    this.pacer.before(moving)
    renderer.render(this.scene, this.camera)
    const frameMs = this.pacer.after(started, moving)
    if (this.mesh && frameMs !== null) this.tell({ frameMs })
    if (moving) this.ask()
  }

  private fail(value: Problem): void {
    this.tell({ state: 'failed', loading: null, problem: value })
  }

  private tell(change: Partial<Readout>): void {
    this.readout = { ...this.readout, ...change }
    for (const hear of this.hearers) hear()
  }
}
