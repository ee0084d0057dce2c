import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export const root: string = join(import.meta.dirname, '..')

/** A browser host of its own in a process of its own. `stop` ends it as Ctrl+C would; `kill` as a crash would. */
export type Served = {
  readonly url: string
  readonly startedMs: number
  /** What it wrote to its standard error until now, and its exit code once it has ended. */
  readonly said: () => string
  readonly stop: () => Promise<number | null>
  readonly kill: () => Promise<void>
}

/** Starts `spaceport serve` on a home and waits for its address. */
export async function served(home: string): Promise<Served> {
  const from = performance.now()
  const child = spawn(process.execPath, [join(root, 'engine/hosts/cli.ts'), 'serve'], {
    env: { ...process.env, SPACEPORT_HOME: home, DISPLAY: '', WAYLAND_DISPLAY: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const url = await addressFrom(child.stdout, ended, () => said)
  const stop = async () => {
    child.kill('SIGINT')
    return await ended
  }
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  const told = () => `${said}${child.exitCode === null ? '' : ` (ended with ${child.exitCode})`}`
  return { url, startedMs: performance.now() - from, said: told, stop, kill }
}

async function addressFrom(stdout: NodeJS.ReadableStream, ended: Promise<unknown>, said: () => string): Promise<string> {
  const lines = createInterface({ input: stdout })
  const found = new Promise<string>((resolve) => {
    lines.on('line', (line) => {
      const address = /http:\/\/\S+/.exec(line)?.[0]
      if (address) resolve(address)
    })
  })
  const failed = ended.then(() => {
    throw new Error(`serve ended before it gave its address: ${said()}`)
  })
  return await Promise.race([found, failed])
}
