import type CameraControls from 'camera-controls'

const held: Readonly<Record<string, readonly [axis: 'forward' | 'truck' | 'rise', sign: 1 | -1]>> = {
  KeyW: ['forward', 1],
  KeyS: ['forward', -1],
  KeyD: ['truck', 1],
  KeyA: ['truck', -1],
  KeyE: ['rise', 1],
  KeyQ: ['rise', -1],
}

/** Which flying keys are down, and the camera moved by them. */
export class FlyKeys {
  private readonly down = new Set<string>()
  private fast = false

  /** Takes a key; true if it is one of flying. */
  press(event: KeyboardEvent): boolean {
    this.fast = event.shiftKey
    if (!(event.code in held) || event.ctrlKey || event.metaKey || event.altKey) return false
    this.down.add(event.code)
    return true
  }

  release(event: KeyboardEvent): void {
    this.fast = event.shiftKey
    this.down.delete(event.code)
  }

  clear(): void {
    this.down.clear()
  }

  get moving(): boolean {
    return this.down.size > 0
  }

  /** Moves the camera for `seconds` at `speed` units a second. */
  step(controls: CameraControls, seconds: number, speed: number): void {
    const far = seconds * speed * (this.fast ? 4 : 1)
    for (const code of this.down) {
      const [axis, sign] = held[code] ?? []
      if (axis === 'forward') void controls.forward(far * (sign ?? 0), false)
      if (axis === 'truck') void controls.truck(far * (sign ?? 0), 0, false)
      if (axis === 'rise') void controls.elevate(far * (sign ?? 0), false)
    }
  }
}
