import type { SceneRef } from '../../../core/scene/scene.ts'
import { type Problem, problem } from '../../../core/problem.ts'
import { checkScene, endsOf } from '../../../core/scene/check-scene.ts'

export type LoadProgress = (done: number, total: number) => void

/** The bytes of a scene, counted as they come, or the Problem with them. */
export async function loadScene(
  address: string,
  scene: SceneRef,
  progress: LoadProgress,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | Problem> {
  const missing = problem('scene/missing', `${scene.name} is not where it was.`, 'Open the run and check its files.')
  try {
    const response = await fetch(address, { signal })
    if (!response.ok || !response.body) return missing
    const total = Number(response.headers.get('content-length')) || scene.bytes
    const bytes = await collect(response.body, total, progress)
    return checkScene(endsOf(bytes), scene) ?? bytes
  } catch (cause) {
    if (signal.aborted) throw cause
    return missing
  }
}

async function collect(body: ReadableStream<Uint8Array>, total: number, progress: LoadProgress): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  let done = 0
  for (const reader = body.getReader(); ;) {
    const { value } = await reader.read()
    if (!value) break
    parts.push(value)
    done += value.length
    progress(done, total)
  }
  const whole = new Uint8Array(done)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
