import { type ChildProcess, spawn, type SpawnOptions, spawnSync } from 'node:child_process'

// Linux's own way: the system ends the child with its parent, also where the parent is killed.
const setpriv = process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0
const alive = new Set<ChildProcess>()

/** Starts a program that ends with this process, so that no failed or killed test leaves a server or client behind. It has the pid of the program itself. */
export function spawnTied(program: string, words: readonly string[], options: SpawnOptions): ChildProcess {
  const child = setpriv ? spawn('setpriv', ['--pdeathsig', 'KILL', program, ...words], options) : spawn(program, words, options)
  if (alive.size === 0) process.on('exit', endAll)
  alive.add(child)
  child.on('exit', () => {
    alive.delete(child)
    if (alive.size === 0) process.off('exit', endAll)
  })
  return child
}

function endAll(): void {
  for (const child of alive) child.kill('SIGKILL')
}
