import { spawn } from 'node:child_process'
import path from 'node:path'

/** Bundles the shell into dist/electron: the main process, then the preload. About a second. */
export async function bundleElectron(program: string): Promise<void> {
  for (const part of ['main', 'preload']) await bundle(program, part)
}

async function bundle(program: string, part: string): Promise<void> {
  const vite = path.join(program, 'node_modules', 'vite', 'bin', 'vite.js')
  const args = [vite, 'build', '--config', path.join(program, 'build', 'electron.config.ts'), '--logLevel', 'warn']
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    cwd: program,
    env: { ...process.env, SPACEPORT_BUNDLE: part },
  })
  const code = await new Promise<number | null>((done, fail) => {
    child.once('error', fail)
    child.once('exit', done)
  })
  if (code !== 0) throw new Error(`the bundle of the ${part} part ended with ${code}`)
}
