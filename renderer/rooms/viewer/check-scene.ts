import type { SceneRef } from '../../../core/contract.ts'
import { type Problem, problem } from '../../../core/problem.ts'
import { count } from '../../format.ts'
import { hasZipEnd, plyBytes } from './scene-length.ts'

/** Spark names its decoder by the file's ending. */
export function fileNameFor(scene: SceneRef): string {
  return scene.name.toLowerCase().endsWith(`.${scene.format}`) ? scene.name : `scene.${scene.format}`
}

const refetch = 'Fetch or copy the file again.'

/** What is wrong with a scene's bytes before a decoder sees them, or null. Each kind of failure has its own remedy. */
export function checkScene(bytes: Uint8Array, scene: SceneRef): Problem | null {
  if (bytes.length === 0) return problem('scene/empty', `${scene.name} holds no bytes.`, 'Run it again, or fetch the file again.')
  if (scene.bytes > 0 && bytes.length !== scene.bytes) {
    return truncated(scene, bytes.length, scene.bytes)
  }
  const starts = (...head: readonly number[]) => head.every((one, at) => bytes[at] === one)
  const wrong = (what: string, remedy: string) => problem('scene/format', `${scene.name} ${what}`, remedy)
  const again = 'Export it again from the program that wrote it.'
  switch (scene.format) {
    case 'ply':
    case 'compressed.ply':
      return starts(0x70, 0x6c, 0x79) ? cutOff(scene, bytes.length, plyBytes(bytes)) : wrong('does not begin like a PLY file.', again)
    case 'sog':
      if (!starts(0x50, 0x4b)) return wrong('is no SOG archive.', again)
      return hasZipEnd(bytes)
        ? null
        : problem('scene/truncated', `${scene.name} is cut off: its list of files at the end is missing.`, refetch)
    case 'spz':
      if (starts(0x1f, 0x8b)) return null
      return starts(0x4e, 0x47, 0x53, 0x50)
        ? wrong('is SPZ version 4, which cannot be read.', 'Convert it to version 3: "spaceport convert IN OUT.spz".')
        : wrong('does not begin like an SPZ file.', again)
    case 'splat':
      return bytes.length % 32 === 0
        ? null
        : wrong(`is no whole number of gaussians: ${count(bytes.length)} bytes are not a multiple of 32.`, again)
    case 'ksplat':
      return bytes.length >= 4096 ? null : wrong('is shorter than a ksplat header.', again)
  }
}

function truncated(scene: SceneRef, there: number, whole: number): Problem {
  return problem('scene/truncated', `${scene.name} is cut off: ${count(there)} of ${count(whole)} bytes are there.`, refetch)
}

function cutOff(scene: SceneRef, there: number, whole: number | null): Problem | null {
  return whole !== null && there < whole ? truncated(scene, there, whole) : null
}
