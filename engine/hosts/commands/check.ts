import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Verdict } from '../../../core/capture/finding.ts'
import { toCheckHtml } from '../../../core/capture/check-html.ts'
import { toCheckJson } from '../../../core/capture/check-report.ts'
import { home as layout } from '../../../core/layout.ts'
import { toCsv } from '../../../core/overlap/reshoot-csv.ts'
import { toGpx } from '../../../core/overlap/reshoot-gpx.ts'
import { toKml } from '../../../core/overlap/reshoot-kml.ts'
import type { ReshootPlan } from '../../../core/overlap/reshoot-plan.ts'
import { workedPlan, type WorkedPlan } from '../../../core/overlap/reshoot-worked.ts'
import { problem, ProblemError } from '../../../core/problem.ts'
import type { Check } from '../../intake/check-event.ts'
import { type Context, textFlag } from '../command.ts'
import { type ExitCode, exitCode } from '../exit-code.ts'
import { checkText } from '../views/check-view.ts'
import { withEngine } from './engine.ts'
import { followCheck } from './follow-check.ts'

const codes: Readonly<Record<Verdict['kind'], ExitCode>> = { ready: exitCode.fine, risky: exitCode.risky, unusable: exitCode.unusable }

/** Checks a folder and says whether it will become a scene. */
export async function run(context: Context): Promise<ExitCode> {
  const { terminal, signal } = context
  const folder = path.resolve(context.words[0] ?? '.')
  const checked = await withEngine(context, async (engine) => {
    // Remembered, as a folder dropped into the window is: it stands in the Library from then on.
    const { captureId, events } = await engine.checkCapture(folder, signal)
    const done = await followCheck(events, context)
    // The folder is said as it was asked for, also where a link leads elsewhere; the plan is the one that the window shows.
    return done && { check: { ...done, folder }, worked: workedPlan(await engine.handlers['captures.get']({ captureId })) }
  })
  if (checked === null) {
    terminal.note(`To go on from there: spaceport check ${folder}`)
    return exitCode.stopped
  }
  terminal.status.clear()
  const { check, worked } = checked
  const { plan } = worked
  if (worked.kept) terminal.note(keptWords(worked, worked.kept.keptAt))
  await writePlan(context, check, plan)
  const html = textFlag(context, 'html')
  if (html !== undefined) {
    await write(html, toCheckHtml(check, await thumbsOf(check, context.home), plan))
    context.terminal.note(`Report written to ${html}.`)
  }
  if (terminal.json) terminal.value(toCheckJson(check))
  else terminal.result(checkText(check, plan, terminal.paint, terminal.columns))
  return codes[check.verdict.kind]
}

// What is missing of a kept plan would look like an oversight.
function keptWords({ whole, plan }: WorkedPlan, keptAt: string): string {
  const gone = whole.positions.length - plan.positions.length
  const rest =
    gone === 0 ? '' : ` ${gone} of its ${whole.positions.length} positions are left out: ticked off there, or closed by new photos.`
  return `The re-shoot plan is the one that the Library keeps since ${keptAt.slice(0, 10)}.${rest} "Plan anew" there makes it of this check.`
}

/** The re-shoot plan in each of the formats that were asked for. Positions in words only have no place in them, and that is said. */
async function writePlan(context: Context, check: Check, plan: ReshootPlan): Promise<void> {
  const title = path.basename(check.folder)
  const texts = { kml: () => toKml(plan, title), csv: () => toCsv(plan), gpx: () => toGpx(plan, title) }
  const asked = Object.entries(texts).flatMap(([name, text]) => {
    const file = textFlag(context, name)
    return file === undefined ? [] : [{ file, text }]
  })
  for (const { file, text } of asked) await write(file, text())
  const inWords = plan.positions.filter(({ at }) => at === null).length
  if (asked.length > 0) context.terminal.note(`Plan written to ${asked.map(({ file }) => file).join(', ')}.`)
  if (asked.length > 0 && plan.positions.length === 0) context.terminal.note(withoutPositions(plan))
  else if (asked.length > 0 && inWords > 0)
    context.terminal.note(
      `${inWords} of ${plan.positions.length} positions are in words only, for want of GPS: the report and the list below have them.`,
    )
}

function withoutPositions({ notes }: ReshootPlan): string {
  return notes.length === 0 ? 'There is nothing to re-shoot: the plan is empty.' : `The plan has no positions. ${notes.join(' ')}`
}

// A page of more pictures cannot be mailed: beyond, only those that a finding names.
const mostPictures = 150

/** The thumbnails of the checked photos as data URIs, so that the page stands alone. A photo without one is shown by its name. */
async function thumbsOf(check: Check, home: string): Promise<ReadonlyMap<string, string>> {
  const thumbs = new Map<string, string>()
  const named = new Set(check.findings.flatMap(({ files }) => files))
  const shown =
    check.photos.length <= mostPictures ? check.photos : check.photos.filter(({ file }) => named.has(file)).slice(0, mostPictures)
  for (const { sha256 } of shown) {
    const bytes = await readFile(path.join(home, layout.thumbnails, `${sha256}.jpg`)).catch(() => null)
    if (bytes !== null) thumbs.set(sha256, `data:image/jpeg;base64,${bytes.toString('base64')}`)
  }
  return thumbs
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text)
  } catch (error) {
    throw new ProblemError(
      problem('file/not-written', `${file} could not be written.`, 'Name a file in a folder that exists and that you may write to.'),
      { cause: error },
    )
  }
}
