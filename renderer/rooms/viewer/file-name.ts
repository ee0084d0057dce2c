import type { SceneRef } from '../../../core/scene/scene.ts'

/** Spark names its decoder by the file's ending. */
export function fileNameFor(scene: SceneRef): string {
  return scene.name.toLowerCase().endsWith(`.${scene.format}`) ? scene.name : `scene.${scene.format}`
}
