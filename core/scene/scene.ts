import type { RunReport } from '../run/report.ts'

/** A scene that the viewer can open. `url`: artefact address path; the host's door turns it into bytes. */
export type SceneRef = {
  readonly name: string
  readonly url: string
  readonly format: 'ply' | 'compressed.ply' | 'splat' | 'ksplat' | 'spz' | 'sog'
  readonly bytes: number
  readonly runId: string | null
}

/** A camera of the sparse model in the scene's frame. `worldFromCamera`: quaternion xyzw and centre; camera looks along +Z, Y down (COLMAP). */
export type SceneCamera = {
  readonly file: string
  readonly quaternion: readonly [number, number, number, number]
  readonly centre: readonly [number, number, number]
  readonly fovYDeg: number
  readonly aspect: number
  readonly imageUrl: string
  readonly psnr: number | null
}

/** A scene as a file on this disk, to be handed on. `url`: artefact address path; `path`: where it lies. */
export type SceneFile = { readonly name: string; readonly url: string; readonly path: string; readonly bytes: number }

/** What the viewer needs beside the bytes. `up`, `centre`, `radius` of the covered ground, in the scene's frame; null for a file from disk. */
export type SceneFacts = {
  readonly scene: SceneRef
  /** The files that hold this scene, smallest format first. */
  readonly files: readonly SceneFile[]
  readonly cameras: readonly SceneCamera[]
  readonly covered: {
    readonly centre: readonly [number, number, number]
    readonly radius: number
    readonly up: readonly [number, number, number]
  } | null
  readonly metric: boolean
  readonly report: RunReport | null
}
