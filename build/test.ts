// Runs every check and test and sums them: the last line reads «N passed, N failed, N skipped».
// node build/setup.mjs test [names of parts: types lint walls python ...]
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Part, parts } from './test-parts.ts'
import { type Outcome, summary } from './test-summary.ts'

const root = join(import.meta.dirname, '..')
mkdirSync(join(root, '.cache', 'tests'), { recursive: true })

async function runPart(part: Part): Promise<Outcome> {
  const from = performance.now()
  process.stdout.write(`\n== ${part.name}\n`)
  const outcome = await part.run(root)
  process.stdout.write(
    `== ${part.name}: ${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped.length} skipped, ${((performance.now() - from) / 1000).toFixed(1)} s\n`,
  )
  return outcome
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !parts.some((part) => part.name === name))
if (unknown.length > 0) {
  process.stderr.write(`Unknown part ${unknown.join(', ')}. Known: ${parts.map((part) => part.name).join(', ')}.\n`)
  process.exit(2)
}
const outcomes: Outcome[] = []
for (const part of parts) if (wanted.length === 0 || wanted.includes(part.name)) outcomes.push(await runPart(part))
process.stdout.write(summary(outcomes))
process.exit(outcomes.some((one) => one.failed > 0) ? 1 : 0)
