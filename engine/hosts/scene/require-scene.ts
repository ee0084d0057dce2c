import { open } from 'node:fs/promises'
import path from 'node:path'
import { ProblemError } from '../../../core/problem.ts'
import { sceneFormat } from '../../../core/run/artefacts.ts'
import { checkScene, endBytes } from '../../../core/scene/check-scene.ts'

/** Throws the Problem that the viewer would tell of a scene file: cut off, empty, or of another kind than its ending says. Reads its two ends only. */
export async function requireScene(file: string, bytes: number): Promise<void> {
  const format = sceneFormat(file)
  if (format === null) return
  const handle = await open(file, 'r')
  try {
    const at = async (position: number) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(endBytes, bytes)), { position })
      return buffer.subarray(0, bytesRead)
    }
    const ends = { length: bytes, head: await at(0), tail: await at(Math.max(0, bytes - endBytes)) }
    const wrong = checkScene(ends, { name: path.basename(file), format, bytes: 0 })
    // Version 4 of .spz is wrong for the viewer alone: converting it is the remedy.
    if (wrong !== null && !isNewSpz(ends.head)) throw new ProblemError(wrong)
  } finally {
    await handle.close()
  }
}

function isNewSpz(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, 4)).toString('latin1') === 'NGSP'
}
