// Builds the overlap engine (native/*.cpp) into one Node-API addon: `node build/native.mjs`; `--wasm`: into WebAssembly. Plain JavaScript, so that
// the set-up program can run it on Node 20, before anything is installed but node_modules.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

// Contraction off and no fast-math: the same photo gives the same features on every machine (native/README.md).
const FLAGS = [
  '-std=c++17',
  '-O3',
  '-fPIC',
  '-fvisibility=hidden',
  '-ffp-contract=off',
  '-fno-math-errno',
  '-fno-trapping-math',
  '-Wall',
  '-Wno-psabi',
  '-DNAPI_VERSION=8',
  '-DNODE_GYP_MODULE_NAME=spaceport',
]

// The same sources for where no addon loads. Without exceptions, which zig's library for WASI does not carry: native/failure.h.
const WASM_FLAGS = [
  '-target',
  'wasm32-wasi',
  '-mcpu=generic+simd128+relaxed_simd',
  '-mexec-model=reactor',
  '-fno-exceptions',
  '-Wl,--strip-all',
  ...FLAGS.filter((flag) => flag !== '-fPIC' && flag !== '-fvisibility=hidden' && !flag.startsWith('-D')),
]

/** Sources in a fixed order, with their bytes. */
function sources(root) {
  const folder = join(root, 'native')
  const names = readdirSync(folder)
    .filter((name) => /\.(cpp|h)$/.test(name))
    .sort()
  return names.map((name) => ({ name, file: join(folder, name), bytes: readFileSync(join(folder, name)) }))
}

/** Names the addon: changes with any source, flag, platform or architecture. */
function hashOf(files) {
  const hash = createHash('sha256').update(JSON.stringify([FLAGS, process.platform, process.arch]))
  for (const { name, bytes } of files) hash.update(name).update('\0').update(bytes)
  return hash.digest('hex').slice(0, 16)
}

/** The first compiler that answers, as an argument list; null where there is none. */
function compiler(root) {
  const python = process.platform === 'win32' ? join(root, '.venv', 'Scripts', 'python.exe') : join(root, '.venv', 'bin', 'python')
  const named = process.env.CXX ? [[process.env.CXX]] : []
  const choices = [...named, ['c++'], ['g++'], ['clang++'], [python, '-m', 'ziglang', 'c++'], ['python3', '-m', 'ziglang', 'c++']]
  return choices.find(([program, ...rest]) => spawnSync(program, [...rest, '--version'], { stdio: 'ignore' }).status === 0) ?? null
}

/** The Python package ziglang as a compiler, which alone brings a C++ library for WebAssembly; null where it is not installed. */
function zig(root) {
  const venv = process.platform === 'win32' ? join(root, '.venv', 'Scripts', 'python.exe') : join(root, '.venv', 'bin', 'python')
  const choices = [venv, 'python3'].map((python) => [python, '-m', 'ziglang', 'c++'])
  return choices.find(([program, ...rest]) => spawnSync(program, [...rest, '--version'], { stdio: 'ignore' }).status === 0) ?? null
}

function run(command) {
  return new Promise((resolve) => {
    const [program, ...rest] = command
    const child = spawn(program, rest, { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk) => (said += chunk))
    child.on('error', (error) => resolve({ ok: false, said: String(error) }))
    child.on('close', (code) => resolve({ ok: code === 0, said }))
  })
}

/** Compiles every source to an object, as many at once as there are processors; the first failure's words, or null. */
async function compileAll(compile, files, includes, scratch) {
  const waiting = [...files]
  let failure = null
  const worker = async () => {
    for (let file = waiting.shift(); file && failure === null; file = waiting.shift()) {
      const result = await run([...compile, ...FLAGS, '-I', includes, '-c', file.file, '-o', join(scratch, `${file.name}.o`)])
      if (!result.ok) failure ??= `${file.name}: ${result.said}`
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(8, cpus().length)) }, worker))
  return failure
}

function link(compile, objects, target, includes) {
  const system =
    process.platform === 'darwin'
      ? ['-undefined', 'dynamic_lookup', '-bundle']
      : process.platform === 'win32'
        ? ['-shared', nodeImportLibrary(compile, dirname(target), includes)]
        : ['-shared', '-static-libstdc++', '-static-libgcc', '-Wl,-s']
  return run(
    [...compile, ...objects, '-o', target, ...system].filter((word) => !(compile.includes('ziglang') && word.startsWith('-static-lib'))),
  )
}

// Windows links against a table of names: made from the definition file that comes with the headers.
function nodeImportLibrary(compile, scratch, includes) {
  const library = join(scratch, 'node.lib')
  const dlltool = compile.includes('ziglang') ? [...compile.slice(0, -1), 'dlltool'] : ['dlltool']
  const [program, ...rest] = dlltool
  spawnSync(program, [...rest, '-d', join(dirname(includes), 'def', 'node_api.def'), '-l', library, '-m', 'i386:x86-64'], {
    stdio: 'inherit',
  })
  return library
}

function problem(code, what, remedy) {
  return { ok: false, problem: { code, what, remedy } }
}

/**
 * Builds the addon of the program under `root` unless it is there already.
 * Returns {ok: true, file, built, tookMs} or {ok: false, problem: {code, what, remedy}}; throws only on surprise.
 */
export async function buildNative(root) {
  const started = Date.now()
  const files = sources(root)
  const folder = join(root, '.cache', 'native')
  const name = `spaceport-${hashOf(files)}.node`
  const file = join(folder, name)
  const pointer = join(folder, 'current')
  if (existsSync(file) && existsSync(pointer) && readFileSync(pointer, 'utf8').trim() === name)
    return { ok: true, file, built: false, tookMs: Date.now() - started }
  mkdirSync(folder, { recursive: true })
  if (!existsSync(file)) {
    const includes = join(root, 'node_modules', 'node-api-headers', 'include')
    if (!existsSync(includes))
      return problem('setup/no-packages', 'The package node-api-headers is not installed.', 'Run `npm ci`, then this again.')
    const compile = compiler(root)
    if (compile === null)
      return problem(
        'setup/no-compiler',
        'No C++ compiler was found (tried c++, g++, clang++ and the Python package ziglang).',
        'Install a C++ compiler (Debian: g++; macOS: xcode-select --install), or `pip install ziglang` into .venv.',
      )
    const scratch = join(folder, `build-${process.pid}`)
    mkdirSync(scratch, { recursive: true })
    try {
      const units = files.filter((each) => each.name.endsWith('.cpp'))
      const failure = await compileAll(compile, units, includes, scratch)
      if (failure !== null)
        return problem(
          'setup/native-build',
          `The overlap engine does not compile with ${compile.join(' ')}: ${failure.slice(0, 2000)}`,
          'Use a C++17 compiler (g++ 9, clang 10, ziglang 0.13 or newer), or set CXX to one.',
        )
      const made = join(scratch, name)
      const linked = await link(
        compile,
        units.map((each) => join(scratch, `${each.name}.o`)),
        made,
        includes,
      )
      if (!linked.ok)
        return problem(
          'setup/native-build',
          `The overlap engine does not link: ${linked.said.slice(0, 2000)}`,
          'Use a C++17 compiler (g++ 9, clang 10, ziglang 0.13 or newer), or set CXX to one.',
        )
      renameSync(made, file)
    } finally {
      rmSync(scratch, { recursive: true, force: true })
    }
  }
  point(pointer, name)
  // Policies and hardened systems refuse addons; that shows only when one is loaded.
  if (spawnSync(process.execPath, ['-e', 'require(process.argv[1])', file]).status !== 0) {
    const wasm = await buildWasm(root)
    if (!wasm.ok) return wasm
  }
  return { ok: true, file, built: true, tookMs: Date.now() - started }
}

// The pointer is replaced whole, so that a reader never sees half a name.
function point(pointer, name) {
  writeFileSync(`${pointer}.${process.pid}`, `${name}\n`)
  renameSync(`${pointer}.${process.pid}`, pointer)
}

/** Builds the WebAssembly of the same sources, about a minute of CPU the first time. Answers as buildNative does. */
export async function buildWasm(root) {
  const started = Date.now()
  const files = sources(root)
  const folder = join(root, '.cache', 'native')
  const name = `spaceport-${createHash('sha256').update(hashOf(files)).update(JSON.stringify(WASM_FLAGS)).digest('hex').slice(0, 16)}.wasm`
  const file = join(folder, name)
  const built = !existsSync(file)
  mkdirSync(folder, { recursive: true })
  if (built) {
    const compile = zig(root)
    if (compile === null)
      return problem(
        'setup/no-compiler',
        'No compiler for WebAssembly was found (the Python package ziglang).',
        'Run `pip install ziglang` into .venv, then this again.',
      )
    const units = files.filter(({ name: unit }) => unit.endsWith('.cpp') && unit !== 'addon.cpp').map((each) => each.file)
    const made = `${file}.${process.pid}`
    const result = await run([...compile, ...WASM_FLAGS, ...units, '-o', made])
    if (!result.ok)
      return problem(
        'setup/native-build',
        `The overlap engine does not compile to WebAssembly: ${result.said.slice(0, 2000)}`,
        'Use the ziglang version of containers/compiler.lock.',
      )
    renameSync(made, file)
  }
  point(join(folder, 'current-wasm'), name)
  return { ok: true, file, built, tookMs: Date.now() - started }
}

async function main() {
  const root = dirname(dirname(fileURLToPath(import.meta.url)))
  const result = await (process.argv.includes('--wasm') ? buildWasm(root) : buildNative(root))
  if (!result.ok) {
    console.log(JSON.stringify(result.problem))
    return 69
  }
  console.log(result.built ? `native: built ${result.file} in ${result.tookMs} ms` : `native: up to date (${result.tookMs} ms)`)
  return 0
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) process.exitCode = await main()
