import { type Context, textFlag } from '../command.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import { openInBrowser } from '../open-browser.ts'
import { serve } from '../serve.ts'
import { UsageError } from './usage-error.ts'

const MAX_PORT = 65_535

/** Opens the browser host and keeps it until the signal comes. */
export async function run(context: Context): Promise<ExitCode> {
  await serveUntilStopped(context, { hash: '', open: context.flags['open'] === true })
  return exitCode.stopped
}

/** Serves, says where, and waits for the end. */
export async function serveUntilStopped(context: Context, wish: { readonly hash: string; readonly open: boolean }): Promise<void> {
  const { terminal, signal, home, program } = context
  const port = portOf(textFlag(context, 'port'))
  const serving = await serve({ home, program, log: (line) => terminal.note(line), ...(port === undefined ? {} : { port }) })
  try {
    const url = `${serving.startUrl}${wish.hash}`
    const isOpen = wish.open && (await openInBrowser(url))
    if (terminal.json) terminal.value({ kind: 'serving', url, port: Number(new URL(url).port) })
    else terminal.result(`${url}\n`)
    if (wish.open && !isOpen) terminal.note('There is no display here: open the address above in a browser on this machine.')
    terminal.note('Only this machine can reach it. Ctrl+C ends it; what is running goes on at the next start.')
    await aborted(signal)
  } finally {
    await serving.close()
  }
}

function portOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined
  const port = Number(given)
  if (!Number.isInteger(port) || port < 1 || port > MAX_PORT) throw new UsageError(`--port ${given} is no port: 1 to ${MAX_PORT}.`)
  return port
}

async function aborted(signal: AbortSignal): Promise<void> {
  // A signal alone keeps no process alive; the listening server does.
  if (!signal.aborted) await new Promise((done) => signal.addEventListener('abort', done, { once: true }))
}
