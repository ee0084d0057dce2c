// npm run demo: the main job end to end on the sample capture, on this machine; then the scene in the viewer.
// With --no-open, or where there is no display, the result is printed and that is the end.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { openerOf } from '../engine/hosts/open-browser.ts'

const root = join(import.meta.dirname, '..')
const cli = join(root, 'engine', 'hosts', 'cli.ts')
const sample = join(root, 'samples', 'caliterra')

/** Runs one command of the command line. Returns its exit status and, where it is captured, what it printed on stdout. */
function spaceport(args: readonly string[], stdout: 'inherit' | 'pipe'): Promise<{ code: number; text: string }> {
  const child = spawn(process.execPath, [cli, ...args], { cwd: root, stdio: ['ignore', stdout, 'inherit'] })
  const passOn = (name: NodeJS.Signals) => () => child.kill(name)
  const handlers = (['SIGINT', 'SIGTERM'] as const).map((name) => ({ name, hear: passOn(name) }))
  for (const { name, hear } of handlers) process.on(name, hear)
  let text = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      for (const { name, hear } of handlers) process.off(name, hear)
      resolve({ code: code ?? 130, text })
    })
  })
}

async function newestRun(): Promise<string> {
  const { text } = await spaceport(['runs', '--json'], 'pipe')
  const found = JSON.parse(text) as { runs: readonly { runId: string }[] }
  const newest = found.runs[0]
  if (newest === undefined) throw new Error('the demo has finished and left no run')
  return newest.runId
}

async function demo(words: readonly string[]): Promise<number> {
  const unknown = words.filter((word) => word !== '--no-open')
  if (unknown.length > 0) {
    process.stderr.write(`The demo knows only --no-open, not ${unknown.join(' ')}.\n`)
    return 2
  }
  process.stderr.write('The sample capture: 26 aerial photos of Caliterra (CC0, Dennis Baldwin), from photos to a splat on this machine.\n')
  const { code } = await spaceport(['run', sample, '--preset', 'preview'], 'inherit')
  if (code !== 0) return code
  const runId = await newestRun()
  const figures = await spaceport(['evaluate', runId], 'inherit')
  if (words.includes('--no-open') || openerOf() === null) return figures.code
  return (await spaceport(['open', runId], 'inherit')).code
}

process.exit(await demo(process.argv.slice(2)))
