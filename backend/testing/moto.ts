import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { ended, freePort } from './ministack.ts'

const root = join(import.meta.dirname, '..', '..')
const bin = process.platform === 'win32' ? ['Scripts', 'moto_server.exe'] : ['bin', 'moto_server']
const program = join(root, '.cache', 'aws-stand-ins', ...bin)

/** Why the second interpreter of the States Language cannot be had; null where it is there. */
export function whyNoMoto(): string | null {
  return existsSync(program) ? null : 'moto is not installed (node build/setup.mjs test installs it)'
}

/** Starts moto on loopback with its interpreter switched on. Its jobs and tasks are no oracle; choices, retries, catches and ends are. */
export async function startMoto(): Promise<{ readonly endpoint: string; readonly close: () => Promise<void> }> {
  const endpoint = `http://127.0.0.1:${await freePort()}`
  const child = spawn(program, ['-H', '127.0.0.1', '-p', new URL(endpoint).port], { stdio: 'ignore' })
  // A test process that ends in the middle leaves no server behind.
  const last = (): void => void child.kill('SIGKILL')
  process.on('exit', last)
  child.on('exit', () => process.off('exit', last))
  await configured(endpoint, child)
  return { endpoint, close: () => ended(child) }
}

async function configured(endpoint: string, child: ChildProcess): Promise<void> {
  const body = JSON.stringify({ stepfunctions: { execute_state_machine: true } })
  for (;;) {
    if (child.exitCode !== null) throw new Error(`moto ended with ${child.exitCode}`)
    const answer = await fetch(`${endpoint}/moto-api/config`, { method: 'POST', body }).catch(() => null)
    if (answer?.ok) return
    await pause(50)
  }
}
