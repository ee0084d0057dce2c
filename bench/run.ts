// npm run bench -- NAME [its arguments]: the benchmarks, each beside a real peer in the same run.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((one) => one.isDirectory() && existsSync(join(import.meta.dirname, one.name, 'run.ts')))
  .map((one) => one.name)
const name = process.argv[2]
if (name === undefined || !names.includes(name)) {
  process.stderr.write(`Which one? npm run bench -- ${names.join(' | ')}\n`)
  process.exit(2)
}
process.argv.splice(2, 1)
await import(pathToFileURL(join(import.meta.dirname, name, 'run.ts')).href)
