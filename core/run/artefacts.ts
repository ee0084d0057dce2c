import type { SceneRef } from '../scene/scene.ts'
import { runFolder } from '../layout.ts'
import type { StageName } from './events.ts'

/** Suffixes of files that the viewer opens; the longer first, because `.compressed.ply` ends in `.ply` too. */
const formats: readonly (readonly [string, SceneRef['format']])[] = [
  ['.compressed.ply', 'compressed.ply'],
  ['.ply', 'ply'],
  ['.splat', 'splat'],
  ['.ksplat', 'ksplat'],
  ['.spz', 'spz'],
  ['.sog', 'sog'],
]

/** The format that a file's name says, or null where it is none of the six. */
export function sceneFormat(name: string): SceneRef['format'] | null {
  const lower = name.toLowerCase()
  return formats.find(([suffix]) => lower.endsWith(suffix))?.[1] ?? null
}

/** The scenes of a run's folder, best for the viewer first. */
export const scenesByPreference: readonly string[] = [runFolder.sog, runFolder.scenePly]

/** The scenes of a run's folder that can be handed on, smallest format first. */
export const scenesToHandOn: readonly string[] = [runFolder.spz, runFolder.sog, runFolder.scenePly]

/** What a stage must have left before another can build on it, relative to the stage's folder. */
export const deliverables: Readonly<Record<StageName, readonly string[]>> = {
  sfm: ['sparse/0/cameras.bin', 'sparse/0/images.bin', 'sparse/0/points3D.bin', 'report.json'],
  '3dgs': ['scene.ply', 'metrics.json'],
  compression: ['scene.sog', 'scene.spz'],
}

/** The folder of a stage inside a run's folder. */
export const stageFolder: Readonly<Record<StageName, string>> = {
  sfm: runFolder.sfm,
  '3dgs': runFolder.train,
  compression: runFolder.compression,
}

/** Of a stage's files those that a person may want: events name them, not each of a thousand undistorted photos. */
export function isNamed(name: string): boolean {
  return !name.includes('/') || name.startsWith('sparse/')
}
