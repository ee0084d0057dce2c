import type CameraControls from 'camera-controls'
import * as THREE from 'three'
import type { SceneCamera, SceneFacts } from '../../../core/scene/scene.ts'
import { FlyKeys } from './fly-keys.ts'
import type { Readout } from './readout.ts'
import { setSteering, steering } from './steering.ts'
import { type Ball, fovToContain, openingFovDeg, openingView, orientationOf, restingAhead } from './view-math.ts'

/** What the camera looks at: the run's facts where it has any, and what the splats themselves tell. */
export type Sight = { readonly facts: SceneFacts | null; readonly ball: Ball; readonly up: THREE.Vector3 | null }

type Told = Partial<Pick<Readout, 'mode' | 'photo' | 'mix' | 'fovDeg'>>

/** Where an eye was, so that another stage can go on from there. */
export type Pose = {
  readonly eye: THREE.Vector3
  readonly target: THREE.Vector3
  readonly up: THREE.Vector3
  readonly near: number
  readonly far: number
}

const turns: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-5, 0],
  ArrowRight: [5, 0],
  ArrowUp: [0, -5],
  ArrowDown: [0, 5],
}

/** Where the eye is and how it moves: orbit, fly, or in a photo's pose. It tells what changed; drawing is the stage's. */
export class Viewpoint {
  readonly camera = new THREE.PerspectiveCamera(openingFovDeg, 1, 0.01, 5000)
  private readonly keys = new FlyKeys()
  private readonly controls: CameraControls
  private readonly tell: (told: Told) => void
  private sight: Sight = { facts: null, ball: { centre: new THREE.Vector3(), radius: 1 }, up: null }
  private mode: Readout['mode'] = 'orbit'
  private photo: SceneCamera | null = null

  /** `tell` is called after each change that wants a new picture. */
  constructor(canvas: HTMLCanvasElement, tell: (told: Told) => void) {
    this.tell = tell
    this.controls = steering(this.camera, canvas, { started: () => this.leavePhoto(), moved: () => tell({}) })
  }

  /** Looks at another scene; the eye stays where it is. */
  look(sight: Sight): void {
    this.sight = sight
  }

  /** The first view again. */
  reset(smooth: boolean): void {
    const { facts, ball, up: ownUp } = this.sight
    const { eye, target, up } = openingView(facts, ball, this.camera.aspect, ownUp)
    this.leavePhoto()
    this.setMode('orbit')
    this.camera.up.copy(up)
    this.controls.updateCameraUp()
    const size = eye.distanceTo(target)
    this.camera.near = size / 500
    this.camera.far = size * 200
    this.setFov(openingFovDeg)
    void this.controls.setLookAt(...eye.toArray(), ...target.toArray(), smooth)
    this.tell({})
  }

  /** Where the eye is now; a photo's pose counts as the free view that leaving it gives. */
  pose(): Pose {
    this.leavePhoto()
    const { up, near, far } = this.camera
    const [eye, target] = [this.controls.getPosition(new THREE.Vector3()), this.controls.getTarget(new THREE.Vector3())]
    return { eye, target, up: up.clone(), near, far }
  }

  /** Stands where another eye stood. */
  stand({ eye, target, up, near, far }: Pose): void {
    this.camera.up.copy(up)
    this.controls.updateCameraUp()
    this.camera.near = near
    this.camera.far = far
    this.setFov(openingFovDeg)
    void this.controls.setLookAt(...eye.toArray(), ...target.toArray(), false)
    this.tell({})
  }

  /** Everything in view, from where the camera looks now. */
  frame(): void {
    this.leavePhoto()
    this.setMode('orbit')
    void this.controls.fitToSphere(new THREE.Sphere(this.middle(), this.sight.facts?.covered?.radius ?? this.sight.ball.radius), true)
    this.tell({})
  }

  /** Orbit turns about a point; fly turns about the camera itself. */
  setMode(mode: Readout['mode']): void {
    if (mode === this.mode) return
    this.leavePhoto()
    const { radius } = this.sight.ball
    const eye = this.controls.getPosition(new THREE.Vector3())
    const distance = mode === 'fly' ? radius * 1e-3 : Math.max(eye.distanceTo(this.middle()), radius * 0.2)
    setSteering(this.controls, mode, distance, radius)
    this.lookFrom(eye, this.camera.getWorldDirection(new THREE.Vector3()), distance)
    this.mode = mode
    this.tell({ mode })
  }

  /** A key that the focused stage got; true if it was used. */
  pressKey(event: KeyboardEvent): boolean {
    const turn = turns[event.key]
    if (turn) {
      this.leavePhoto()
      void this.controls.rotate(THREE.MathUtils.degToRad(turn[0]), THREE.MathUtils.degToRad(turn[1]), true)
    } else if (!this.keys.press(event)) return false
    else this.setMode('fly')
    this.tell({})
    return true
  }

  releaseKey(event: KeyboardEvent): void {
    this.keys.release(event)
  }

  releaseKeys(): void {
    this.keys.clear()
  }

  /** Stands in a photo's pose with its lens, so that photo and splat lie over each other. */
  enterPhoto(photo: SceneCamera, mix: number): void {
    this.setMode('orbit')
    this.camera.position.set(...photo.centre)
    this.camera.quaternion.copy(orientationOf(photo))
    this.photo = photo
    this.setFov(fovToContain(photo, this.camera.aspect))
    this.tell({ photo: photo.file, mix })
  }

  /** Back to the free camera, from where the photo stood. Its roll is let go. */
  leavePhoto(): void {
    if (this.photo === null) return
    this.photo = null
    const eye = this.camera.position.clone()
    const top = new THREE.Vector3(0, 1, 0).applyQuaternion(this.camera.quaternion)
    const ahead = restingAhead(this.camera.getWorldDirection(new THREE.Vector3()), top, this.camera.up)
    this.setFov(openingFovDeg)
    this.lookFrom(eye, ahead, Math.max(eye.distanceTo(this.middle()), this.sight.ball.radius * 0.05))
    this.tell({ photo: null })
  }

  /** Fits the lens to another shape of the canvas. */
  resize(aspect: number): void {
    this.camera.aspect = aspect
    this.setFov(this.photo ? fovToContain(this.photo, aspect) : this.camera.fov)
  }

  /** Moves on by `seconds`; true while it still moves. */
  step(seconds: number): boolean {
    if (this.keys.moving) this.keys.step(this.controls, seconds, this.sight.ball.radius * 0.5)
    return (this.photo === null && this.controls.update(seconds)) || this.keys.moving
  }

  dispose(): void {
    this.controls.dispose()
  }

  private middle(): THREE.Vector3 {
    const covered = this.sight.facts?.covered
    return covered ? new THREE.Vector3(...covered.centre) : this.sight.ball.centre.clone()
  }

  private lookFrom(eye: THREE.Vector3, ahead: THREE.Vector3, distance: number): void {
    void this.controls.setLookAt(...eye.toArray(), ...eye.clone().addScaledVector(ahead, distance).toArray(), false)
  }

  private setFov(fovDeg: number): void {
    this.camera.fov = fovDeg
    this.camera.updateProjectionMatrix()
    this.tell({ fovDeg })
  }
}
