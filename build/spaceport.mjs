#!/usr/bin/env node
// The package's bin. Plain JavaScript, readable by any Node: it only finds the Node that Spaceport needs and hands over.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const NEEDED_MAJOR = 24 // better-sqlite3 13 needs N-API 10 (it ends Node 20 with a segmentation fault) and the sources are TypeScript.
const FAILED = 30
const program = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const pinned = path.join(program, 'node_modules', '.bin', process.platform === 'win32' ? 'node.exe' : 'node')
const cli = path.join(program, 'engine', 'hosts', 'cli.ts')

function refuse(what) {
  process.stderr.write(`Problem: ${what}\nRemedy:  run "npm run setup" in ${program}\n`)
  process.exitCode = FAILED
}

/** Runs the same words under the pinned Node; signals pass on, and the channel tells the child when this process dies. */
function handOver() {
  const child = spawn(pinned, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, SPACEPORT_HANDED_OVER: '1' },
  })
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name))
  child.on('error', (error) => refuse(`The pinned Node could not be started: ${error.message}`))
  child.on('exit', (code, signal) => {
    if (signal) process.kill(process.pid, 'SIGKILL')
    process.exitCode = code ?? 1
    child.unref()
  })
}

const isNew = Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR
if (!existsSync(path.join(program, 'node_modules', 'zod'))) refuse('Set-up has not been run: the packages are missing.')
else if (isNew) {
  module.enableCompileCache?.(path.join(program, '.cache', 'compile'))
  await import(pathToFileURL(cli).href)
} else if (process.env.SPACEPORT_HANDED_OVER || !existsSync(pinned))
  refuse(`Node ${NEEDED_MAJOR} is needed, this is ${process.versions.node}.`)
else handOver()
