import type { SceneRef } from './scene.ts'
import { count } from '../figures.ts'
import { type Problem, problem } from '../problem.ts'
import { hasZipEnd, longestHeader, longestZipEnd, plyBytes } from './scene-length.ts'

/** What a check needs of a scene's bytes: how many there are, how they begin and how they end. */
export type SceneEnds = { readonly length: number; readonly head: Uint8Array; readonly tail: Uint8Array }

/** How many bytes of each end a check looks at. */
export const endBytes: number = Math.max(longestHeader, longestZipEnd)

/** The ends of a scene that lies in memory. */
export function endsOf(bytes: Uint8Array): SceneEnds {
  return { length: bytes.length, head: bytes.subarray(0, endBytes), tail: bytes.subarray(-endBytes) }
}

const refetch = 'Fetch or copy the file again.'

/** What is wrong with a scene's bytes before a decoder sees them, or null. Each kind of failure has its own remedy. `scene.bytes` 0: nobody knows how many there should be. */
export function checkScene({ length, head, tail }: SceneEnds, scene: Pick<SceneRef, 'name' | 'format' | 'bytes'>): Problem | null {
  if (length === 0) return problem('scene/empty', `${scene.name} holds no bytes.`, 'Run it again, or fetch the file again.')
  if (scene.bytes > 0 && length !== scene.bytes) return truncated(scene.name, length, scene.bytes)
  const starts = (...first: readonly number[]) => first.every((one, at) => head[at] === one)
  const wrong = (what: string, remedy: string) => problem('scene/format', `${scene.name} ${what}`, remedy)
  const again = 'Export it again from the program that wrote it.'
  switch (scene.format) {
    case 'ply':
    case 'compressed.ply':
      return starts(0x70, 0x6c, 0x79) ? cutOff(scene.name, length, plyBytes(head)) : wrong('does not begin like a PLY file.', again)
    case 'sog':
      if (!starts(0x50, 0x4b)) return wrong('is no SOG archive.', again)
      return hasZipEnd(tail)
        ? null
        : problem('scene/truncated', `${scene.name} is cut off: its list of files at the end is missing.`, refetch)
    case 'spz':
      if (starts(0x1f, 0x8b)) return null
      return starts(0x4e, 0x47, 0x53, 0x50)
        ? wrong('is SPZ version 4, which cannot be read.', 'Convert it to version 3: "spaceport convert IN OUT.spz".')
        : wrong('does not begin like an SPZ file.', again)
    case 'splat':
      return length % 32 === 0 ? null : wrong(`is no whole number of gaussians: ${count(length)} bytes are not a multiple of 32.`, again)
    case 'ksplat':
      return length >= 4096 ? null : wrong('is shorter than a ksplat header.', again)
  }
}

function truncated(name: string, there: number, whole: number): Problem {
  return problem('scene/truncated', `${name} is cut off: ${count(there)} of ${count(whole)} bytes are there.`, refetch)
}

function cutOff(name: string, there: number, whole: number | null): Problem | null {
  return whole !== null && there < whole ? truncated(name, there, whole) : null
}
