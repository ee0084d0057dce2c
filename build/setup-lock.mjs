// One set-up at a time in one checkout: a second one waits. A lock whose owner is gone is taken over.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root, SetupProblem } from './steps.mjs'

const path = join(root, '.cache', 'setup.lock')

function take() {
  mkdirSync(join(root, '.cache'), { recursive: true })
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw new SetupProblem(
      'setup/cannot-write',
      `The project's folder cannot be written (${error.code}).`,
      'Give your user write access to the checkout, or clone it where you have it.',
    )
  }
}

function ownerLives() {
  try {
    process.kill(Number(readFileSync(path, 'utf8')), 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

const release = () => rmSync(path, { force: true })

/** Runs the work while holding the checkout's set-up lock. */
export async function withLock(work) {
  let told = false
  while (!take()) {
    if (!ownerLives()) {
      rmSync(path, { force: true })
      continue
    }
    if (!told) process.stderr.write('set-up  another set-up is at work here; waiting for it\n')
    told = true
    await sleep(500)
  }
  process.once('exit', release)
  try {
    return await work()
  } finally {
    release()
    process.removeListener('exit', release)
  }
}
