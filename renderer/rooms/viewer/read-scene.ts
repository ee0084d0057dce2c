import { SplatMesh } from '@sparkjsdev/spark'
import { type Problem, problem } from '../../../core/problem.ts'
import type { SceneRef } from '../../../core/scene/scene.ts'
import { fileNameFor } from './file-name.ts'
import { type LoadProgress, loadScene } from './load-scene.ts'

type Hearing = { readonly progress: LoadProgress; readonly decoding: () => void }

/** The splats of a scene, ready to be drawn, or the Problem with them. Null: `signal` called it off meanwhile. */
export async function readScene(
  address: string,
  scene: SceneRef,
  { progress, decoding }: Hearing,
  signal: AbortSignal,
): Promise<SplatMesh | Problem | null> {
  try {
    const bytes = await loadScene(address, scene, progress, signal)
    if ('code' in bytes) return bytes
    decoding()
    const mesh = new SplatMesh({ fileBytes: bytes, fileName: fileNameFor(scene), extSplats: true })
    await mesh.initialized
    if (!signal.aborted) return mesh
    mesh.dispose()
    return null
  } catch (cause) {
    if (signal.aborted) return null
    console.warn('decoding failed', cause)
    return problem(
      'scene/format',
      `${scene.name} could not be decoded.`,
      'Convert it with "spaceport convert", or open the .ply of the same run.',
    )
  }
}
