import { readFileSync } from 'node:fs'
import path from 'node:path'
import { problem, problemOf } from '../../core/problem.ts'
import { historyProblem } from '../history/trouble.ts'
import { readArguments, type Wish } from './arguments.ts'
import { commands } from './catalogue.ts'
import type { Command } from './command.ts'
import { UsageError } from './commands/usage-error.ts'
import { type ExitCode, exitCode } from './exit-code.ts'
import { helpOf, helpOfAll } from './help.ts'
import { homeFolder, programFolder } from './home-folder.ts'
import { stopSignal } from './stop-signal.ts'
import { paintFor } from './terminal/paint.ts'
import { openTerminal, proseColumns, type Terminal } from './terminal/terminal.ts'

const version = (JSON.parse(readFileSync(path.join(programFolder, 'package.json'), 'utf8')) as { version: string }).version

async function main(argv: readonly string[]): Promise<ExitCode> {
  const wish = readArguments(argv, commands)
  switch (wish.kind) {
    case 'help':
      process.stdout.write(wish.command ? helpOf(wish.command, helpPage()) : helpOfAll(commands, helpPage()))
      return exitCode.fine
    case 'version':
      process.stdout.write(`${version}\n`)
      return exitCode.fine
    case 'wrong':
      return wrong(wish.says, wish.command)
    case 'command':
      return await runCommand(wish)
  }
}

function helpPage() {
  return { paint: paintFor(process.stdout), width: proseColumns(process.stdout) }
}

function wrong(says: string, command: Command | null): ExitCode {
  process.stderr.write(`${says}\n${usage(command)}\n`)
  return exitCode.usage
}

function usage(command: Command | null): string {
  if (command === null) return 'spaceport --help lists the commands.'
  return `Usage: ${['spaceport', command.name, ...command.words].join(' ')} [flags]; spaceport ${command.name} --help says more.`
}

async function runCommand(wish: Extract<Wish, { kind: 'command' }>): Promise<ExitCode> {
  const terminal = openTerminal({ json: wish.flags['json'] === true, quiet: wish.flags['quiet'] === true })
  const signal = stopSignal()
  try {
    const { run } = await wish.command.load()
    return await run({ words: wish.words, flags: wish.flags, terminal, home: homeFolder(), program: programFolder, version, signal })
  } catch (error) {
    if (error instanceof UsageError) return wrong(error.message, wish.command)
    const expected = expectedOf(error)
    terminal.status.done()
    if (signal.aborted && (expected === undefined || isAbort(error))) return stopped(terminal)
    const told = expected ?? fault(error)
    if (terminal.json) terminal.value({ kind: 'failed', problem: told })
    terminal.problem(told)
    return expected ? exitCode.failed : exitCode.crashed
  }
}

/** Cut off where nothing had been said of it yet: what was made half is gone, and the command can be given again. */
function stopped(terminal: Terminal): ExitCode {
  if (terminal.json) terminal.value({ kind: 'stopped' })
  terminal.note('Stopped. The same command starts again.')
  return exitCode.stopped
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}

/** The Problem behind an error. A disk that is full or read-only is expected trouble, whichever write met it first. */
function expectedOf(error: unknown) {
  return problemOf(error) ?? problemOf(historyProblem(error, homeFolder()))
}

/** A surprise, told like a Problem; the trace goes to stderr only when asked for. */
function fault(error: unknown) {
  if (process.env['SPACEPORT_DEBUG']) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  const what = `Spaceport stopped on a fault of its own: ${error instanceof Error ? error.message : String(error)}`
  return problem(
    'engine/crash',
    what,
    'Nothing that was finished is lost. Run the command again with SPACEPORT_DEBUG=1 and report what it prints.',
  )
}

/** Ends the process after what was written has left it: pipes are written asynchronously, and workers may still hold the loop. */
async function leave(code: ExitCode): Promise<void> {
  await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))))
  process.exit(code)
}

/** A surprise outside any command's own course: told like one inside, once; a second one may be the telling's own. */
process.once('uncaughtException', (error) => {
  process.on('uncaughtException', () => process.exit(exitCode.crashed))
  const expected = expectedOf(error)
  openTerminal({ json: false, quiet: false }).problem(expected ?? fault(error))
  void leave(expected ? exitCode.failed : exitCode.crashed)
})

await leave(await main(process.argv.slice(2)))
