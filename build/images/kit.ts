import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, openSync, closeSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** What building and running images needs: a store outside the clone, and programs that are told of it. */
export type Kit = {
  readonly root: string
  readonly cache: string
  readonly env: NodeJS.ProcessEnv
  readonly trust: readonly string[]
  /** Milliseconds of performance.now() at which work is given up: no program runs past it. */
  readonly endsAt: number
}

/** The time that the kit was given is over: nothing is wrong with an image. */
export class OutOfTime extends Error {}

export type Ended = { readonly code: number; readonly out: string; readonly err: string }

const programs = ['buildah', 'podman', 'runc', 'mmdebstrap', 'skopeo']
const debianPackages = [...programs, 'uidmap']

/** The kit, or why there is none. As root on Debian the programs are installed, elsewhere they are asked for. */
export function openKit(root: string, endsAt = Infinity): Kit | { readonly missing: string } {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { missing: `images are built on Linux x64, this is ${process.platform}` }
  if (process.getuid?.() !== 0) return { missing: 'building images needs root here' }
  if (absent().length > 0) install()
  const still = absent()
  if (still.length > 0) return { missing: `${still.join(', ')} not found (Debian: apt-get install ${debianPackages.join(' ')})` }
  return prepare(root, endsAt)
}

/** The store of images and results: SPACEPORT_IMAGES_CACHE, else the user's cache folder. */
export function cacheFolder(): string {
  const named = process.env['SPACEPORT_IMAGES_CACHE']
  return named ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'spaceport-images')
}

function absent(): string[] {
  return programs.filter((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).error !== undefined)
}

function install(): void {
  if (spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0) return
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (args: string[]) => spawnSync('apt-get', ['-qq', ...args], { env, stdio: 'ignore', timeout: 300_000 })
  apt(['update'])
  apt(['install', '-y', '--no-install-recommends', ...debianPackages])
}

function prepare(root: string, endsAt: number): Kit {
  const cache = cacheFolder()
  mkdirSync(join(cache, 'logs'), { recursive: true })
  const write = (name: string, text: string): string => {
    writeFileSync(join(cache, name), text)
    return join(cache, name)
  }
  // runc, because crun and the default limits want cgroups and capabilities that a machine in a machine does not have.
  const containers = write(
    'containers.conf',
    '[containers]\ndefault_ulimits=["nofile=20000:20000","nproc=4096:4096"]\nnetns="none"\n' +
      '[engine]\nruntime="runc"\ncgroup_manager="cgroupfs"\nevents_logger="file"\n',
  )
  const storage = write(
    'storage.conf',
    `[storage]\ndriver="overlay"\ngraphroot="${join(cache, 'storage')}"\nrunroot="${join(cache, 'run')}"\n`,
  )
  const env = { ...process.env, CONTAINERS_CONF: containers, CONTAINERS_STORAGE_CONF: storage }
  return { root, cache, env, trust: trust(write), endsAt }
}

/** Where the network has an authority of its own, pip and npm inside a build are told of it; nothing of it stays in an image. */
function trust(write: (name: string, text: string) => string): string[] {
  const file = [process.env['PIP_CERT'], process.env['SSL_CERT_FILE'], process.env['NODE_EXTRA_CA_CERTS']].find(
    (path) => path !== undefined && existsSync(path),
  )
  if (file === undefined) return []
  const inside = '/run/ci/ca.crt'
  const pip = write('pip.conf', `[global]\ncert = ${inside}\n`)
  const npm = write('npmrc', `cafile=${inside}\n`)
  return [`${file}:${inside}:ro`, `${pip}:/etc/pip.conf:ro`, `${npm}:/root/.npmrc:ro`].flatMap((mount) => ['-v', mount])
}

/** Runs a program to its end and keeps what it says. */
export function call(kit: Kit, program: string, args: readonly string[], timeoutMs = 300_000): Ended {
  const timeout = timeLeft(kit, timeoutMs)
  const done = spawnSync(program, args, { env: kit.env, cwd: kit.root, encoding: 'utf8', maxBuffer: 64 << 20, timeout })
  refuseLate(kit)
  if (done.error !== undefined && done.status === null && done.signal === null) throw done.error
  return { code: done.status ?? 128, out: done.stdout, err: done.stderr }
}

/** Runs a program to its end; throws its last words where it fails. */
export function must(kit: Kit, program: string, args: readonly string[], timeoutMs?: number): string {
  const done = call(kit, program, args, timeoutMs)
  if (done.code !== 0)
    throw new Error(`${program} ${args.slice(0, 2).join(' ')} ended with ${done.code}: ${lastWords(done.out + done.err)}`)
  return done.out
}

// `timeout` ends all that a program has started: buildah's compilers would outlive it and hold the folder that they compile in.
// It leaves our process group for that, so it is told separately when we die.
const withUs = ['--pdeathsig', 'TERM', '--']

/** As `must`, for long work: everything that is said goes to a log in the cache. */
export function mustLogged(kit: Kit, log: string, program: string, args: readonly string[], timeoutMs: number): void {
  const path = join(kit.cache, 'logs', `${log}.log`)
  const file = openSync(path, 'w')
  try {
    const limited = ['--kill-after=10', String(timeLeft(kit, timeoutMs) / 1000), program, ...args]
    const done = spawnSync('setpriv', [...withUs, 'timeout', ...limited], { env: kit.env, cwd: kit.root, stdio: ['ignore', file, file] })
    refuseLate(kit)
    if (done.status !== 0)
      throw new Error(`${program} ended with ${done.status ?? done.signal}: ${lastWords(readFileSync(path, 'utf8'))} (${path})`)
  } finally {
    closeSync(file)
  }
}

function timeLeft(kit: Kit, timeoutMs: number): number {
  refuseLate(kit)
  return Math.max(1, Math.floor(Math.min(timeoutMs, kit.endsAt - performance.now())))
}

function refuseLate(kit: Kit): void {
  if (performance.now() >= kit.endsAt) throw new OutOfTime('the time for images is over; what was built is kept and the next run goes on')
}

const lastWords = (text: string): string => text.trim().split('\n').slice(-4).join(' | ').slice(-600)
