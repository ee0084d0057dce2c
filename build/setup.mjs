// Sets the project up and, with a task's name, goes on to it: node build/setup.mjs [demo|test|start|spaceport] [its arguments]
// Idempotent; says each step and how long it took; nothing to do takes well under two seconds and no network.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { isDone, markDone, markUndone, node24, root, SetupProblem } from './steps.mjs'
import { withLock } from './setup-lock.mjs'
import { setupSteps } from './setup-steps.mjs'

const tasks = { demo: 'build/demo.ts', test: 'build/test.ts', start: 'build/start.ts', bench: 'bench/run.ts' }

async function setUp(task) {
  const begun = performance.now()
  let worked = 0
  for (const step of setupSteps(task)) {
    const hash = step.hash()
    if (isDone(step.name, hash) && step.stands()) continue
    const from = performance.now()
    process.stderr.write(`set-up  ${step.says} …\n`)
    markUndone(step.name)
    await Promise.resolve(step.work())
    markDone(step.name, hash)
    worked += 1
    process.stderr.write(`set-up  ${step.says}: ${((performance.now() - from) / 1000).toFixed(1)} s\n`)
  }
  const took = ((performance.now() - begun) / 1000).toFixed(1)
  if (worked > 0) process.stderr.write(`set-up  done, ${worked} ${worked === 1 ? 'step' : 'steps'} in ${took} s\n`)
}

/** Hands over to the task under the pinned Node; signals reach it because it shares the terminal's group. */
function goOn(task, args) {
  const child = spawn(node24, [join(root, tasks[task]), ...args], { stdio: 'inherit', cwd: root })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)))
}

function tell(error) {
  if (!(error instanceof SetupProblem)) throw error
  const { code, what, remedy } = error.problem
  process.stderr.write(`\n${what}\n\n  What to do: ${remedy}\n  (${code})\n`)
  process.exit(30)
}

const [task, ...args] = process.argv.slice(2)
if (task !== undefined && tasks[task] === undefined) {
  process.stderr.write(`Unknown task ${task}. Known: ${Object.keys(tasks).join(', ')}.\n`)
  process.exit(2)
}
try {
  await withLock(() => setUp(task))
} catch (error) {
  tell(error)
}
if (task !== undefined) goOn(task, args)
