import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const root = join(import.meta.dirname, '..', '..')
const program = join(
  root,
  '.cache',
  'aws-stand-ins',
  ...(process.platform === 'win32' ? ['Scripts', 'ministack.exe'] : ['bin', 'ministack']),
)

/** Why the stand-in for mail, user pool and secrets cannot be had; null where it is there. */
export function whyNoMinistack(): string | null {
  return existsSync(program) ? null : 'ministack is not installed (node build/setup.mjs test installs it)'
}

export type Letter = { readonly to: readonly string[]; readonly subject: string; readonly text: string; readonly html: string }
export type Ministack = { readonly endpoint: string; readonly letters: () => Promise<Letter[]>; readonly close: () => Promise<void> }

/** Starts ministack on loopback, its files in `folder`. */
export async function startMinistack(folder: string): Promise<Ministack> {
  const port = await freePort()
  for (const name of ['tmp', 's3', 'state']) mkdirSync(join(folder, name), { recursive: true })
  const env = {
    ...process.env,
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    TMPDIR: join(folder, 'tmp'),
    S3_DATA_DIR: join(folder, 's3'),
    STATE_DIR: join(folder, 'state'),
  }
  const child = spawn(program, [], { env, stdio: 'ignore' })
  // A test process that ends in the middle leaves no server behind.
  const last = (): void => void child.kill('SIGKILL')
  process.on('exit', last)
  child.on('exit', () => process.off('exit', last))
  const endpoint = `http://127.0.0.1:${port}`
  await ready(endpoint, child)
  return { endpoint, letters: () => lettersOf(endpoint), close: () => ended(child) }
}

type Kept = { readonly To: string[]; readonly Subject: string; readonly BodyText: string; readonly BodyHtml: string }

async function lettersOf(endpoint: string): Promise<Letter[]> {
  const { messages } = (await (await fetch(`${endpoint}/_ministack/ses/messages`)).json()) as { messages: Record<string, Kept[]> }
  return Object.values(messages)
    .flat()
    .map((one) => ({ to: one.To, subject: one.Subject, text: one.BodyText, html: one.BodyHtml }))
}

async function ready(endpoint: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`ministack ended with ${child.exitCode}`)
    if (await fetch(`${endpoint}/_ministack/health`).catch(() => null)) return
    await pause(50)
  }
}

/** Ends a stand-in's process and waits until it is gone. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
