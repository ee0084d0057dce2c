// Builds the checksums (checksum.cpp) into a Node-API addon: `node engine/cloud/native/build.mjs`. Plain JavaScript, as build/native.mjs is, so that
// the set-up program can run it on the system's Node. Without it transfers work all the same, at more CPU a byte.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const FLAGS = [
  '-std=c++17',
  '-O3',
  '-fPIC',
  '-fvisibility=hidden',
  '-Wall',
  '-DNAPI_VERSION=8',
  '-DNODE_GYP_MODULE_NAME=spaceport_checksum',
]

function compilers(root) {
  const python = process.platform === 'win32' ? join(root, '.venv', 'Scripts', 'python.exe') : join(root, '.venv', 'bin', 'python')
  const named = process.env.CXX ? [[process.env.CXX]] : []
  return [...named, ['c++'], ['g++'], ['clang++'], [python, '-m', 'ziglang', 'c++'], ['python3', '-m', 'ziglang', 'c++']]
}

/**
 * Builds the addon of the program under `root` unless it is there already.
 * Returns {ok: true, file, built} or {ok: false, problem: {code, what, remedy}}.
 */
export function buildChecksums(root) {
  const source = join(root, 'engine', 'cloud', 'native', 'checksum.cpp')
  const bytes = readFileSync(source)
  const name = `checksum-${createHash('sha256')
    .update(JSON.stringify([FLAGS, process.platform, process.arch]))
    .update(bytes)
    .digest('hex')
    .slice(0, 16)}.node`
  const folder = join(root, '.cache', 'checksum')
  const file = join(folder, name)
  const pointer = join(folder, 'current')
  if (existsSync(file) && existsSync(pointer) && readFileSync(pointer, 'utf8').trim() === name) return { ok: true, file, built: false }
  mkdirSync(folder, { recursive: true })
  const made = `${file}.${process.pid}`
  const compile = compilers(root).find(([program, ...rest]) => spawnSync(program, [...rest, '--version'], { stdio: 'ignore' }).status === 0)
  if (compile === undefined)
    return failed(
      'setup/no-compiler',
      'No C++ compiler was found.',
      'Install a C++ compiler (Debian: g++; macOS: xcode-select --install), or `pip install ziglang` into .venv.',
    )
  if (!existsSync(file)) {
    const [program, ...rest] = compile
    const system =
      process.platform === 'darwin'
        ? ['-undefined', 'dynamic_lookup', '-bundle']
        : ['-shared', ...(rest.includes('ziglang') ? [] : ['-static-libstdc++', '-static-libgcc'])]
    const done = spawnSync(
      program,
      [...rest, ...FLAGS, '-I', join(root, 'node_modules', 'node-api-headers', 'include'), source, '-o', made, ...system],
      { encoding: 'utf8' },
    )
    if (done.status !== 0)
      return failed(
        'setup/native-build',
        `The checksums do not compile: ${done.stderr.slice(0, 2000)}`,
        'Use a C++17 compiler (g++ 9, clang 10, ziglang 0.13 or newer), or set CXX to one.',
      )
    renameSync(made, file)
  }
  writeFileSync(`${pointer}.${process.pid}`, `${name}\n`)
  renameSync(`${pointer}.${process.pid}`, pointer)
  return { ok: true, file, built: true }
}

function failed(code, what, remedy) {
  return { ok: false, problem: { code, what, remedy } }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const result = buildChecksums(dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url))))))
  console.log(result.ok ? `checksums: ${result.built ? 'built' : 'up to date'}` : JSON.stringify(result.problem))
  process.exitCode = result.ok ? 0 : 69
}
