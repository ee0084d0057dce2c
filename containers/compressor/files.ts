import { createHash } from 'node:crypto'
import { closeSync, createReadStream, fsyncSync, openSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, parse } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** A temporary name in the same folder with the same suffix: tools choose the format by it. */
export function partName(path: string): string {
  const { dir, name, ext } = parse(path)
  return join(dir, `.${name}.${process.pid}.part${ext}`)
}

/** Forces `part` to the disk and gives it its name. */
export function putInPlace(part: string, path: string): void {
  sync(part, 'r+')
  renameSync(part, path)
  if (process.platform !== 'win32') sync(dirname(path), 'r')
}

/** Writes one JSON line, whole or not at all. */
export function writeJson(path: string, document: unknown): void {
  const part = partName(path)
  writeFileSync(part, JSON.stringify(document) + '\n')
  putInPlace(part, path)
}

/** Removes a part and what the tool keeps beside it while it writes (`.` + its name + `.….tmp`). */
export function removePart(part: string): void {
  const { dir, base } = parse(part)
  for (const name of readdirSync(dir)) if (name === base || name.startsWith(`.${base}.`)) rmSync(join(dir, name), { force: true })
}

/** Removes what a killed attempt left half written. */
export function sweepParts(folder: string): void {
  for (const name of readdirSync(folder)) if (/^\..*\.part/.test(name)) rmSync(join(folder, name), { recursive: true })
}

export async function fingerprint(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return { bytes: statSync(path).size, sha256: hash.digest('hex') }
}

function sync(path: string, flags: string): void {
  const file = openSync(path, flags)
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
