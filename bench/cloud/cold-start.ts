import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

// Lambda gives the variables before it loads the module; none of them is asked for anything while loading.
const env = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', PATH: process.env['PATH'] ?? '' }

/** Milliseconds from the import of a bundle to its handler, in a process that has loaded nothing before: the SDK comes from disk each time. */
export function loadMs(bundles: string, name: string): number {
  const file = pathToFileURL(join(bundles, name, 'index.mjs')).href
  const code = `const from = performance.now(); const { handler } = await import(${JSON.stringify(file)}); if (typeof handler !== 'function') process.exit(1); console.log(performance.now() - from)`
  const ended = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { env, encoding: 'utf8' })
  if (ended.status !== 0) throw new Error(`${name}: ${ended.stderr}`)
  return Number(ended.stdout)
}
