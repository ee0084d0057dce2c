// What the set-up makes, in order. Each step: a name, the hash of what it depends on, whether its result stands, and the work.
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findBrowser, installBrowser } from './browser.mjs'
import { freeBytes, hashOf, node24, root, run, SetupProblem, venvPython, windows } from './steps.mjs'

// Node packages about 1 GB, Python packages 0.4 GB, caches and a run's files: measured on Linux.
const NEEDED_BYTES = 2.5e9
const network = 'Check the network, then run the same command again: what was fetched is kept.'

const packages = {
  name: 'packages',
  says: 'Node packages',
  hash: () => hashOf(['package.json', 'package-lock.json']),
  stands: () => existsSync(node24) && existsSync(join(root, 'node_modules', 'zod')),
  work: () => {
    if (freeBytes() < NEEDED_BYTES)
      throw new SetupProblem(
        'disk/full',
        `${Math.round(freeBytes() / 1e6)} MB are free here; the set-up needs ${NEEDED_BYTES / 1e6} MB.`,
        'Free some space on this disk, then run the same command again.',
      )
    // No package here needs its install script: the native ones bring prebuilt binaries, and better-sqlite3's would start a compiler.
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], 'setup/npm', network)
  },
}

const python = {
  name: 'python',
  says: 'Python packages',
  hash: () => hashOf(['containers/requirements.lock']),
  stands: () => existsSync(venvPython) && spawnSync(venvPython, ['-c', 'pass']).status === 0,
  work: async () => {
    const found = findPython()
    rmSync(join(root, '.venv'), { recursive: true, force: true })
    run(
      found,
      ['-m', 'venv', join(root, '.venv')],
      'setup/python',
      'Install the venv module of Python (Debian and Ubuntu: apt-get install python3-venv).',
    )
    run(
      venvPython,
      ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes', '-r', 'containers/requirements.lock'],
      'setup/pip',
      network,
    )
  },
}

function findPython() {
  const wanted = 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 14) else 3)'
  const names = windows ? ['py', 'python'] : ['python3', 'python3.13', 'python3.12', 'python3.11', 'python']
  for (const name of names) if (spawnSync(name, ['-c', wanted]).status === 0) return name
  throw new SetupProblem(
    'setup/python',
    'No Python between 3.11 and 3.14 was found.',
    'Install Python 3.11 or newer (Debian and Ubuntu: apt-get install python3 python3-venv), then run the same command again.',
  )
}

const compiler = {
  name: 'compiler',
  says: 'C++ compiler',
  hash: () => hashOf(['containers/compiler.lock']),
  stands: hasCompiler,
  work: () => {
    if (!hasCompiler())
      run(
        venvPython,
        ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes', '-r', 'containers/compiler.lock'],
        'setup/no-compiler',
        `Install a C++ compiler (Debian and Ubuntu: apt-get install g++), or: ${network}`,
      )
  },
}

function hasCompiler() {
  const system = ['c++', 'g++', 'clang++'].some((name) => spawnSync(name, ['--version']).status === 0)
  return system || spawnSync(venvPython, ['-c', 'import ziglang']).status === 0
}

const overlapEngine = {
  name: 'overlap-engine',
  says: 'overlap engine (C++)',
  hash: () => hashOf(['native', 'build/native.mjs']),
  stands: () => nativeFile(),
  work: async () => {
    const { buildNative } = await import('./native.mjs')
    const result = await buildNative(root)
    if (result?.problem) throw new SetupProblem(result.problem.code, result.problem.what, result.problem.remedy)
  },
}

function nativeFile() {
  return existsSync(join(root, '.cache', 'native'))
}

const trainer = {
  name: 'trainer',
  says: 'splat trainer (C++)',
  hash: () => hashOf(['containers/3dgs/native', 'containers/3dgs/build_native.py']),
  stands: () => nativeFile(),
  work: () =>
    run(
      venvPython,
      ['containers/3dgs/build_native.py'],
      'setup/no-compiler',
      'Install a C++ compiler (Debian and Ubuntu: apt-get install g++), then run the same command again.',
    ),
}

const screens = {
  name: 'screens',
  says: 'screens',
  hash: () => hashOf(['renderer', 'core', 'build/renderer.config.ts', 'package-lock.json']),
  stands: () => existsSync(join(root, 'dist', 'renderer', 'index.html')),
  work: () =>
    run(
      node24,
      ['node_modules/vite/bin/vite.js', 'build', '--config', 'build/renderer.config.ts', '--logLevel', 'warn'],
      'setup/screens',
      'This is a fault of Spaceport: report the lines above.',
    ),
}

const browser = {
  name: 'browser',
  says: 'a browser for the tests',
  hash: () => 'any',
  stands: () => findBrowser() !== undefined,
  work: () => installBrowser(),
}

const backendPackages = {
  name: 'backend-packages',
  says: 'packages of the backend, for its tests',
  hash: () => hashOf(['backend/package.json', 'backend/package-lock.json']),
  stands: () => existsSync(join(root, 'backend', 'node_modules', 'aws-cdk-lib')),
  work: () => run('npm', ['ci', '--prefix', 'backend', '--ignore-scripts', '--no-audit', '--no-fund'], 'setup/npm', network),
}

const standIns = join(root, '.cache', 'aws-stand-ins')
const standInPython = join(standIns, ...(windows ? ['Scripts', 'python.exe'] : ['bin', 'python']))

const awsStandIns = {
  name: 'aws-stand-ins',
  says: 'stand-ins for AWS, for the tests of the backend',
  hash: () => hashOf(['backend/requirements-test.lock']),
  stands: () => existsSync(standInPython),
  work: () => {
    rmSync(standIns, { recursive: true, force: true })
    run(findPython(), ['-m', 'venv', standIns], 'setup/python', 'Install the venv module of Python.')
    run(
      standInPython,
      ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes', '-r', 'backend/requirements-test.lock'],
      'setup/pip',
      network,
    )
  },
}

const schemaFolder = join(root, '.cache', 'schemas')

const schemas = {
  name: 'schemas',
  says: 'schemas of KML and GPX, for the tests of the re-shoot plan',
  hash: () => hashOf(['tests/schemas.lock']),
  stands: () => existsSync(join(schemaFolder, 'xmlschema')),
  work: () => {
    rmSync(schemaFolder, { recursive: true, force: true })
    // Without what these packages depend on: of two of them only the schema files are wanted.
    const only = ['--no-deps', '--require-hashes', '--target', schemaFolder]
    run(
      venvPython,
      ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...only, '-r', 'tests/schemas.lock'],
      'setup/pip',
      network,
    )
  },
}

/** The steps that a task needs; the browser and the backend only for tests. */
export function setupSteps(task) {
  const all = [packages, python, compiler, overlapEngine, trainer, screens]
  return task === 'test' ? [...all, browser, backendPackages, awsStandIns, schemas] : all
}
