import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** How a runner is kept from holding the whole test command up. */
export type Patience = {
  /** A runner that takes longer is ended, and its part has failed. */
  readonly limitMs: number
  /** The report that the runner writes last; one that does not end soon after it is ended, and judged by the report. */
  readonly report?: string
  readonly graceMs?: number
}

export type Ending = { readonly kind: 'exit'; readonly code: number } | { readonly kind: 'reported' } | { readonly kind: 'too-long' }

const lookEveryMs = 500

/** Runs a program with this terminal's streams and tells how it ended: by itself, ended after its report, or ended at the limit. */
export function runToEnd(cwd: string, program: string, args: readonly string[], patience: Patience): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] })
    const begun = performance.now()
    let reportedAt = Infinity
    let ended: Ending | undefined
    const look = setInterval(() => {
      const now = performance.now()
      if (reportedAt === Infinity && patience.report !== undefined && existsSync(patience.report)) reportedAt = now
      if (now - reportedAt > (patience.graceMs ?? 30_000)) ended = { kind: 'reported' }
      else if (now - begun > patience.limitMs) ended = { kind: 'too-long' }
      if (ended === undefined) return
      clearInterval(look)
      process.stderr.write(`${whatItDoes(child.pid ?? 0)}\n`)
      child.kill('SIGKILL')
    }, lookEveryMs)
    child.on('error', reject)
    child.on('exit', (code) => {
      clearInterval(look)
      resolve(ended ?? { kind: 'exit', code: code ?? 1 })
    })
  })
}

/** For the log of a runner that had to be ended: its threads and children, as the system names what they wait for. */
function whatItDoes(pid: number): string {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    const waits = threads.map((id) => readFileSync(`/proc/${pid}/task/${id}/wchan`, 'utf8') || 'running')
    const children = threads.flatMap((id) => readFileSync(`/proc/${pid}/task/${id}/children`, 'utf8').split(' ').filter(Boolean))
    const named = children.map((id) => `${id} ${readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 200)}`)
    return `The runner ${pid} did not end. Its threads wait in: ${waits.join(', ')}. Its children: ${named.join('; ') || 'none'}.`
  } catch {
    return `The runner ${pid} did not end.`
  }
}
