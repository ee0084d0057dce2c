import CameraControls from 'camera-controls'
import * as THREE from 'three'

CameraControls.install({ THREE })

/** Seconds that a movement takes to settle; none where the system asks for less motion. */
const settleS = 0.08
const dragSettleS = 0.04

type Hears = { readonly started: () => void; readonly moved: () => void }

/** The orbit controls of a camera on a canvas. */
export function steering(camera: THREE.PerspectiveCamera, canvas: HTMLCanvasElement, hears: Hears): CameraControls {
  const controls = new CameraControls(camera, canvas)
  const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches
  controls.smoothTime = calm ? 0 : settleS
  controls.draggingSmoothTime = calm ? 0 : dragSettleS
  controls.dollyToCursor = true
  controls.addEventListener('controlstart', hears.started)
  controls.addEventListener('control', hears.moved)
  return controls
}

/** Orbit turns about a point; fly turns about the camera itself: the same controls with the point right before the eye. */
export function setSteering(controls: CameraControls, mode: 'orbit' | 'fly', distance: number, radius: number): void {
  const fly = mode === 'fly'
  controls.azimuthRotateSpeed = fly ? -0.35 : 1
  controls.polarRotateSpeed = controls.azimuthRotateSpeed
  controls.minDistance = fly ? distance : radius * 1e-3
  controls.maxDistance = fly ? distance : Number.POSITIVE_INFINITY
}
