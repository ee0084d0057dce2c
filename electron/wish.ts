import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { Engine } from '../engine/engine.ts'
import { endingOf } from '../engine/hosts/scene/convert.ts'
import { linkedAddress, scheme } from './addresses.ts'

/** Where the words that the system started the app with lead to: a link, a scene file, a folder of photos; null: nowhere in particular. */
export async function wishOf(words: readonly string[], folder: string, engine: Pick<Engine, 'handlers'>): Promise<string | null> {
  const link = words.find((word) => word.startsWith(`${scheme}:`))
  if (link !== undefined) return linkedAddress(link)
  for (const word of words.filter((one) => !one.startsWith('-'))) {
    const file = path.resolve(folder, word)
    const facts = await stat(file).catch(() => null)
    if (facts?.isFile() && endingOf(file) !== null) return `scene?path=${encodeURIComponent(file)}`
    if (facts?.isDirectory()) return `capture/${(await engine.handlers['captures.open']({ folder: file })).captureId}/photos`
  }
  return null
}
