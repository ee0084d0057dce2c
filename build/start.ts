// npm start: opens Spaceport in its window where the Electron program is installed, else in the default browser.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { problemOf } from '../core/problem.ts'
import { desktopProgram } from '../engine/hosts/desktop.ts'
import { homeFolder } from '../engine/hosts/home-folder.ts'
import { openInBrowser } from '../engine/hosts/open-browser.ts'
import { serve } from '../engine/hosts/serve.ts'
import { stopSignal } from '../engine/hosts/stop-signal.ts'
import { paintFor } from '../engine/hosts/terminal/paint.ts'
import { problemText } from '../engine/hosts/terminal/terminal.ts'
import { bundleElectron } from './electron-bundle.ts'

const program = path.resolve(import.meta.dirname, '..')
const begunMs = performance.now()
const say = (text: string) => process.stderr.write(`${text}\n`)
const took = () => `${((performance.now() - begunMs) / 1000).toFixed(1)} s`

/** Opens the window; ends with it. */
async function startWindow(electron: string): Promise<number> {
  await bundleElectron(program)
  say(`Spaceport opens in its own window (Electron), ready to open after ${took()}.`)
  const child = spawn(electron, [program, ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => child.kill(name))
  return await new Promise((done) => child.once('exit', (code) => done(code ?? 1)))
}

/** Serves the screens until the signal comes. */
async function startBrowser(): Promise<number> {
  const signal = stopSignal()
  const serving = await serve({ home: homeFolder(), program, log: say })
  const isOpen = await openInBrowser(serving.startUrl)
  const where = isOpen ? 'Spaceport is open in your browser' : 'There is no display here. Open this address in a browser on this machine'
  say(`Electron is not installed, so the screens come by a plain browser. ${where} (${took()}):`)
  process.stdout.write(`${serving.startUrl}\n`)
  say('Ctrl+C ends it; what is running goes on at the next start.')
  await new Promise<void>((done) => (signal.aborted ? done() : signal.addEventListener('abort', () => done(), { once: true })))
  await serving.close()
  return 130
}

try {
  const desktop = desktopProgram(program)
  process.exit(await (desktop ? startWindow(desktop.electron) : startBrowser()))
} catch (error) {
  const expected = problemOf(error)
  if (expected === undefined) throw error
  process.stderr.write(problemText(expected, paintFor(process.stderr)))
  process.exit(30)
}
