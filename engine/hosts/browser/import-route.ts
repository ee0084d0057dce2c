import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm, statfs } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { problem, ProblemError } from '../../../core/problem.ts'
import { sendJson } from './reply.ts'

// Room that an import leaves on the disk: the database, the caches of the check and other programs need it.
const RESERVE_BYTES = 500_000_000
// Linux and macOS take names up to 255 bytes; 64 folders deep is more than any camera makes.
const MAX_NAME_BYTES = 255
const MAX_DEPTH = 64

/** Imports in progress: a browser gives bytes, not paths, so a dropped folder is first written into the home. */
export type Imports = {
  readonly begin: (response: ServerResponse) => Promise<void>
  readonly put: (token: string, name: string, request: IncomingMessage, response: ServerResponse) => Promise<void>
  readonly finish: (token: string, response: ServerResponse) => void
}

/** POST /import, PUT /import/<token>/<name>, POST /import/<token>/done. */
export function openImports(importFolder: () => Promise<string>): Imports {
  const folders = new Map<string, string>()
  const folderOf = (token: string): string => {
    const folder = folders.get(token)
    if (folder === undefined)
      throw new ProblemError(problem('import/unknown', 'This import is not known, or it is finished.', 'Drop the folder again.'))
    return folder
  }
  return {
    async begin(response) {
      const token = randomBytes(16).toString('base64url')
      folders.set(token, await importFolder())
      sendJson(response, 200, { token })
    },
    async put(token, name, request, response) {
      const bytes = await receive(request, folderOf(token), name)
      sendJson(response, 200, { bytes })
    },
    finish(token, response) {
      const folder = folderOf(token)
      folders.delete(token)
      sendJson(response, 200, { folder })
    },
  }
}

/** The path of a dropped file inside the import's folder, or a Problem: a name may not leave it, by whatever spelling. */
export function placeFor(folder: string, encodedName: string): string {
  const parts = decoded(encodedName).split('/')
  const isPlain = (part: string) =>
    part !== '' &&
    part !== '.' &&
    part !== '..' &&
    !part.includes('\0') &&
    !part.includes('\\') &&
    Buffer.byteLength(part) <= MAX_NAME_BYTES &&
    !(process.platform === 'win32' && /[:*?"<>|]/.test(part))
  const target = path.resolve(folder, ...parts)
  if (parts.length > MAX_DEPTH || !parts.every(isPlain) || !target.startsWith(folder + path.sep))
    throw new ProblemError(
      problem('import/name', 'A dropped file has a name that cannot be stored here.', 'Rename the file, then drop the folder again.'),
    )
  return target
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return ''
  }
}

async function receive(request: IncomingMessage, folder: string, name: string): Promise<number> {
  const target = placeFor(path.resolve(folder), name)
  await mkdir(path.dirname(target), { recursive: true })
  const room = await roomIn(folder)
  const announced = Number(request.headers['content-length'] ?? 0)
  if (announced > room) throw diskFull(announced, room)
  const partial = `${target}.${randomBytes(4).toString('hex')}.partial`
  let bytes = 0
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      bytes += chunk.length
      next(bytes > room ? diskFull(bytes, room) : null, chunk)
    },
  })
  try {
    await pipeline(request, counted, createWriteStream(partial, { flags: 'wx' }))
    await rename(partial, target)
  } catch (error) {
    await rm(partial, { force: true })
    throw isDiskFull(error) ? diskFull(bytes, 0, error) : error
  }
  return bytes
}

async function roomIn(folder: string): Promise<number> {
  const disk = await statfs(folder)
  return Math.max(0, disk.bavail * disk.bsize - RESERVE_BYTES)
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')
}

function diskFull(needed: number, room: number, cause?: unknown): ProblemError {
  const what = `The disk has no room for the dropped photos: ${needed} bytes are needed, ${room} may be used.`
  return new ProblemError(problem('disk/full', what, 'Free up space, or use Choose folder instead of dropping: then nothing is copied.'), {
    cause,
  })
}
