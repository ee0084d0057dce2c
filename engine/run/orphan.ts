import { execFile } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'

// CONTRACT.md: a stage whose parent died leaves within 10 s, whatever happens.
const leavesWithinMs = 11_000
const lookEveryMs = 100

/** Notes which process works in a stage's folder. */
export async function notePid(file: string, pid: number): Promise<void> {
  await writeFile(file, String(pid))
}

/** Waits until a stage that an earlier, dead engine started has left `folder`; ends it if it does not. */
export async function afterOrphan(pidFile: string, folder: string): Promise<void> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''))
  if (!Number.isInteger(pid) || pid <= 0) return
  const until = Date.now() + leavesWithinMs
  while (Date.now() < until && (await worksIn(pid, folder))) await wait(lookEveryMs)
  if (await worksIn(pid, folder)) endIt(pid)
  await rm(pidFile, { force: true })
}

function endIt(pid: number): void {
  for (const target of process.platform === 'win32' ? [pid] : [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL')
    } catch {
      // It has just left by itself.
    }
  }
}

/** A number alone may belong to a stranger by now: the process must name the folder in its command. */
async function worksIn(pid: number, folder: string): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  return (await commandOf(pid)).includes(folder)
}

async function commandOf(pid: number): Promise<string> {
  if (process.platform === 'linux') return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ')
  const [program, args] =
    process.platform === 'win32'
      ? (['powershell', ['-NoProfile', '-Command', `(Get-CimInstance Win32_Process -Filter 'ProcessId=${pid}').CommandLine`]] as const)
      : (['ps', ['-o', 'command=', '-p', String(pid)]] as const)
  return promisify(execFile)(program, args).then(
    ({ stdout }) => stdout,
    () => '',
  )
}
