import { type ChildProcess, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Target } from '../target.ts'
import { spawnTied } from './tied-child.ts'

// The oracle of all transfer tests: verifies every checksum, stores full-object CRC64NVME, keeps open multiparts through SIGKILL.
const version = 'v1.8.0'
const root = new URL('../../../', import.meta.url).pathname
const folder = join(root, '.cache', 'go-bin')
const program = join(folder, process.platform === 'win32' ? 'versitygw.exe' : 'versitygw')

export const rootKey = { accessKeyId: 'spaceport-root', secretAccessKey: 'spaceport-root-secret' }

/** Builds versitygw once into `.cache/go-bin`; the reason why it cannot be had, or null. Takes minutes the first time. */
export function prepareServer(): string | null {
  if (existsSync(program)) return null
  const go = ['go', '/usr/local/go/bin/go'].find((one) => spawnSync(one, ['version'], { stdio: 'ignore' }).status === 0)
  if (go === undefined) return 'Go is not installed: versitygw cannot be built'
  mkdirSync(folder, { recursive: true })
  const words = ['install', '-trimpath', '-ldflags=-s -w', `github.com/versity/versitygw/cmd/versitygw@${version}`]
  const [command, args] = process.platform === 'win32' ? [go, words] : ['nice', ['-n', '10', go, ...words]]
  const built = spawnSync(command, args, { env: { ...process.env, GOBIN: folder }, encoding: 'utf8', timeout: 15 * 60_000 })
  return built.status === 0
    ? null
    : `versitygw could not be built: ${(built.error?.message ?? built.stderr).split('\n').slice(-3).join(' ').trim()}`
}

export type Server = {
  readonly endpoint: string
  readonly port: number
  readonly data: string
  readonly pid: () => number
  /** Ends the process as a crash would, and starts it anew on the same data and port. */
  readonly killAndRestart: () => Promise<void>
  readonly kill: () => Promise<void>
  readonly start: () => Promise<void>
  /** Ends the process and removes its data. */
  readonly close: () => Promise<void>
}

/** Starts versitygw on loopback with an own data folder, and makes `bucket`. `extra`: further words before the backend's. */
export async function startServer(bucket: string, extra: readonly string[] = []): Promise<Server> {
  const home = mkdtempSync(join(tmpdir(), 'spaceport-s3-'))
  const data = join(home, 'data')
  mkdirSync(join(data, bucket), { recursive: true })
  const port = await freePort()
  // Without the flag it closes each connection, which no S3 service does.
  const words = ['--quiet', '--keep-alive', '--port', `127.0.0.1:${port}`, '--health', '/health', ...extra, 'posix', data]
  let child: ChildProcess | null = null
  const start = async () => {
    child = launch(words)
    await ready(`http://127.0.0.1:${port}/health`, child)
  }
  const kill = async () => {
    await end(child, 'SIGKILL')
    child = null
  }
  await start()
  return {
    endpoint: `http://127.0.0.1:${port}`,
    port,
    data,
    pid: () => child?.pid ?? 0,
    start,
    kill,
    async killAndRestart() {
      await kill()
      await start()
    },
    async close() {
      await end(child, 'SIGTERM')
      rmSync(home, { recursive: true, force: true })
    },
  }
}

export function launch(words: readonly string[]): ChildProcess {
  const env = { ...process.env, ROOT_ACCESS_KEY: rootKey.accessKeyId, ROOT_SECRET_KEY: rootKey.secretAccessKey }
  return spawnTied(program, words, { env, stdio: ['ignore', 'ignore', 'ignore'] })
}

/** Waits until the process is gone. */
export async function end(child: ChildProcess | null, signal: NodeJS.Signals): Promise<void> {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await gone
}

/** Waits until an address answers anything. */
export async function ready(address: string, child: ChildProcess): Promise<void> {
  for (let look = 0; look < 400; look++) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`)
    const answer = await fetch(address, { redirect: 'manual' }).catch(() => null)
    if (answer) return
    await sleep(25)
  }
  throw new Error('the server does not answer')
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** The server's bucket as a target of transfers. */
export function targetOf(endpoint: string, bucket: string, tenant = 'acme'): Target {
  return { bucket, region: 'us-east-1', endpoint, tenant, credentials: async () => rootKey }
}

/** Object bytes as they lie on the server's disk, by key. */
export function storedFiles(server: Server, bucket: string): Map<string, Buffer> {
  const base = join(server.data, bucket)
  const entries = readdirSync(base, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !name.startsWith('.sgwtmp') && statSync(join(base, name)).isFile(),
  )
  return new Map(entries.map((name) => [name.replaceAll('\\', '/'), readFileSync(join(base, name))]))
}
