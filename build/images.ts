// Builds the real Dockerfiles and runs the images as SageMaker does: `node build/images.ts [sfm] [compressor] [3dgs]`.
// Inside the test command it costs nothing while an image's inputs are unchanged: results are kept beside the images.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildImage, heavyTag, holds, noRoomFor, tagFor } from './images/build.ts'
import { splatChecks } from './images/checks-3dgs.ts'
import type { Check } from './images/checks-common.ts'
import { compressorChecks } from './images/checks-compressor.ts'
import { sfmChecks } from './images/checks-sfm.ts'
import { type Kit, OutOfTime, must, openKit } from './images/kit.ts'
import { linters, lintDockerfile, testStructure } from './images/lint.ts'
import { type ImageName, checkInputs, hashOf, imageNames, recipes } from './images/recipes.ts'
import { type Outcome, summary } from './test-summary.ts'

const checks: Readonly<Record<ImageName, readonly Check[]>> = { sfm: sfmChecks, compressor: compressorChecks, '3dgs': splatChecks }

// On a quiet machine with two cores sfm and compressor take about 5 minutes with an empty cache, 1 with a warm one. The test
// command gives them this much; what does not fit is skipped by name, and finished the next time.
const BUDGET_MS = 480_000

type Mutable = { passed: number; failed: number; skipped: string[]; failures: string[] }
const nothing = (): Mutable => ({ passed: 0, failed: 0, skipped: [], failures: [] })
const say = (text: string): boolean => process.stdout.write(`images  ${text}\n`)

/** The test command's part: each image whose inputs changed is built and checked; what cannot be is skipped by name. */
export async function testImages(root: string, budgetMs = BUDGET_MS): Promise<Outcome> {
  const skipAll = (why: string): Outcome => ({ ...nothing(), skipped: imageNames.map((name) => `images > ${name}: ${why}`) })
  if (process.env['SPACEPORT_IMAGES'] === 'no') return skipAll('SPACEPORT_IMAGES=no')
  const kit = openKit(root, performance.now() + budgetMs)
  if ('missing' in kit) return skipAll(kit.missing)
  const sum = nothing()
  for (const name of imageNames) add(sum, kept(kit, name) ?? (await inTime(kit, name)))
  return sum
}

async function inTime(kit: Kit, name: ImageName): Promise<Outcome> {
  try {
    return await unlessTooDear(kit, name)
  } catch (error) {
    if (error instanceof OutOfTime) return { ...nothing(), skipped: [`images > ${name}: ${error.message}`] }
    throw error
  }
}

/** The GPU image takes half an hour and 25 GB: the test command uses its costly stages, but never begins them. */
async function unlessTooDear(kit: Kit, name: ImageName): Promise<Outcome> {
  const recipe = recipes[name]
  if (recipe.heavy === undefined || holds(kit, heavyTag(kit, recipe))) return buildAndCheck(kit, name)
  const why = `its costly stages are not in the cache (build them with: node build/images.ts ${name}; 30 minutes, 25 GB)`
  return { ...nothing(), skipped: [`images > ${name}: ${why}`] }
}

async function buildAndCheck(kit: Kit, name: ImageName): Promise<Outcome> {
  const sum = nothing()
  const from = performance.now()
  const folder = mkdtempSync(join(tmpdir(), `spaceport-${name}-`))
  const tool = linters(kit)
  let image = ''
  const one = async (what: string, work: () => Promise<void> | void): Promise<void> => {
    const label = `images > ${name} ${what}`
    try {
      await work()
      sum.passed += 1
      say(`ok      ${name} ${what}`)
    } catch (error) {
      if (error instanceof OutOfTime) {
        sum.skipped.push(`${label}: ${error.message}`)
        return
      }
      sum.failed += 1
      sum.failures.push(`${label}: ${error instanceof Error ? error.message : String(error)}`)
      say(`FAILED  ${name} ${what}`)
    }
  }
  const oneWithTool = async (what: string, work: (bin: string) => void): Promise<void> => {
    if (tool === undefined) sum.skipped.push(`images > ${name} ${what}: the tool cannot be had here`)
    else await one(what, () => work(tool))
  }
  try {
    await oneWithTool('is clean for hadolint', (bin) => lintDockerfile(kit, bin, name))
    await one('is built from its Dockerfile', () => void (image = buildImage(kit, recipes[name])))
    if (image === '') return sum
    await oneWithTool('has the structure that it promises', (bin) => testStructure(kit, bin, name, image))
    for (const check of checks[name]) await one(check.name, () => check.holds({ kit, image, folder }))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const seconds = Math.round((performance.now() - from) / 1000)
  const bytes = Number(must({ ...kit, endsAt: Infinity }, 'podman', ['image', 'inspect', '-f', '{{.Size}}', image]))
  say(`${name}: ${(bytes / 1e6).toFixed(0)} MB, ${seconds} s`)
  if (sum.failed === 0 && sum.skipped.length === 0) keep(kit, name, { passed: sum.passed, bytes, seconds })
  return sum
}

type Kept = { readonly passed: number; readonly bytes: number; readonly seconds: number }
const keptFile = (kit: Kit, name: ImageName): string =>
  join(kit.cache, 'results', `${name}-${hashOf(kit.root, [...recipes[name].inputs, ...checkInputs(name)])}.json`)

function keep(kit: Kit, name: ImageName, result: Kept): void {
  mkdirSync(join(kit.cache, 'results'), { recursive: true })
  const file = keptFile(kit, name)
  writeFileSync(`${file}.part`, JSON.stringify({ ...result, image: tagFor(kit, recipes[name]), at: new Date().toISOString() }))
  renameSync(`${file}.part`, file)
}

/** What the checks of exactly these inputs gave; only a result without failure or skip is kept. */
function kept(kit: Kit, name: ImageName): Outcome | undefined {
  const file = keptFile(kit, name)
  if (!existsSync(file)) return undefined
  const result = JSON.parse(readFileSync(file, 'utf8')) as Kept & { readonly at: string }
  say(`${name}: unchanged since ${result.at}: ${result.passed} checks passed then, ${(result.bytes / 1e6).toFixed(0)} MB`)
  return { ...nothing(), passed: result.passed }
}

function add(sum: Mutable, more: Outcome): void {
  sum.passed += more.passed
  sum.failed += more.failed
  sum.skipped.push(...more.skipped)
  sum.failures.push(...more.failures)
}

async function main(words: readonly string[]): Promise<number> {
  const names = imageNames.filter((name) => words.length === 0 || words.includes(name))
  const unknown = words.filter((word) => !imageNames.some((name) => name === word))
  const kit =
    unknown.length > 0
      ? { missing: `unknown image ${unknown.join(', ')}; known: ${imageNames.join(', ')}` }
      : openKit(join(import.meta.dirname, '..'))
  if ('missing' in kit) {
    process.stderr.write(`images  ${kit.missing}\n`)
    return 69
  }
  const sum = nothing()
  for (const name of names) {
    const short = recipes[name].heavy !== undefined && !holds(kit, heavyTag(kit, recipes[name])) ? noRoomFor(kit) : undefined
    if (short !== undefined) sum.skipped.push(`images > ${name}: ${short}`)
    else add(sum, await buildAndCheck(kit, name))
  }
  process.stdout.write(summary([sum]))
  return sum.failed > 0 ? 1 : 0
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))
