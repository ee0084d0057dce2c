import { type Checked, codesByFile } from './checked.ts'
import { reportCss } from './check-html-style.ts'
import { planReshoot } from '../overlap/reshoot.ts'
import type { ReshootPlan } from '../overlap/reshoot-plan.ts'
import { checkMap } from './check-html-map.ts'
import { planTable } from './check-html-plan.ts'
import { escapeXml as e } from './escape.ts'
import type { Finding } from './finding.ts'
import type { Photo } from './photo.ts'

const glyphs = { ready: '✓', risky: '▲', unusable: '✕' } as const
const words = { ready: 'Ready', risky: 'Risky', unusable: 'Unusable' } as const

/** One page that can be mailed: verdict, findings, photos, files that were skipped. `thumbs`: data URIs of pictures by sha256. */
export function toCheckHtml(
  check: Checked,
  thumbs: ReadonlyMap<string, string> = new Map(),
  plan: ReshootPlan = planReshoot(check),
): string {
  const title = `Check of ${check.folder.split('/').at(-1) ?? check.folder}`
  const parts = [
    banner(check),
    findingList(check, thumbs),
    checkMap(check, plan),
    planTable(plan),
    islandList(check),
    photoGrid(check, thumbs),
    skippedList(check),
  ]
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${e(title)}</title><style>${reportCss}</style></head>
<body><main><h1>${e(title)}</h1>${parts.join('\n')}<footer>Checked with Spaceport in ${(check.tookMs / 1000).toFixed(1)} s. “Should” is a forecast from the pixels, not a promise.</footer></main></body></html>
`
}

function banner({ verdict, photos, leftOut, skipped, folder, forecast }: Checked): string {
  const [first, ...rest] = verdict.because
  const counts = [
    `${photos.length - leftOut.length} of ${photos.length} photos in the run`,
    skipped.length === 1 ? `1 file skipped` : `${skipped.length} files skipped`,
  ]
  if (forecast) counts.push(`${forecast.pairsVerified} of ${forecast.pairsTried} tried pairs should verify`)
  return `<section class="verdict ${verdict.kind}"><h2><span aria-hidden="true">${glyphs[verdict.kind]}</span> ${words[verdict.kind]}${first ? `: ${e(first)}` : ''}</h2>
${rest.length > 0 ? `<ul>${rest.map((sentence) => `<li>${e(sentence)}</li>`).join('')}</ul>` : ''}<p class="quiet">${e(counts.join(' · '))}<br>${e(folder)}</p></section>`
}

const severities = { error: 'Stops the scene', warning: 'Costs quality', info: 'Worth knowing' } as const

function findingList({ findings, photos }: Checked, thumbs: ReadonlyMap<string, string>): string {
  if (findings.length === 0) return '<section><h2>Findings</h2><p>None.</p></section>'
  const pictures = new Map(photos.map(({ file, sha256 }) => [file, thumbs.get(sha256)]))
  const groups = (['error', 'warning', 'info'] as const).map((severity) => {
    const rows = findings.filter((finding) => finding.severity === severity).map((finding) => findingRow(finding, pictures))
    return rows.length === 0
      ? ''
      : `<tbody class="${severity}"><tr><th colspan="2" scope="rowgroup">${severities[severity]}</th></tr>${rows.join('')}</tbody>`
  })
  return `<section><h2>Findings</h2><table class="findings">${groups.join('')}</table></section>`
}

function findingRow(finding: Finding, pictures: ReadonlyMap<string, string | undefined>): string {
  return `<tr><td>${e(finding.what)}<div class="quiet">${e(finding.remedy)}</div>${samples(finding.files, pictures)}${fileList(finding.files)}</td><td><code>${e(finding.code)}</code></td></tr>`
}

// Enough to see what is meant; the grid below has them all.
const mostSamples = 6
const isOurs = (thumb: string | undefined): thumb is string => thumb?.startsWith('data:image/') === true

function samples(files: readonly string[], pictures: ReadonlyMap<string, string | undefined>): string {
  const shown = files.slice(0, mostSamples).flatMap((file) => {
    const thumb = pictures.get(file)
    return isOurs(thumb) ? [`<img src="${e(thumb)}" alt="${e(file)}" title="${e(file)}">`] : []
  })
  return shown.length === 0 ? '' : `<div class="samples">${shown.join('')}</div>`
}

function fileList(files: readonly string[]): string {
  if (files.length === 0) return ''
  return `<details><summary>${files.length} ${files.length === 1 ? 'photo' : 'photos'}</summary><p class="files">${files.map(e).join('<br>')}</p></details>`
}

function islandList({ forecast }: Checked): string {
  if (!forecast || forecast.islands.length < 2) return ''
  return `<section><h2>Groups that hang together</h2><ol>${forecast.islands.map((island) => `<li>${island.length} photos${fileList(island)}</li>`).join('')}</ol></section>`
}

function photoGrid(check: Checked, thumbs: ReadonlyMap<string, string>): string {
  if (check.photos.length === 0) return ''
  const codes = codesByFile(check.findings)
  const forecasts = new Map((check.forecast?.photos ?? []).map((photo) => [photo.file, photo]))
  const leftOut = new Set(check.leftOut)
  const tiles = check.photos.map((photo) =>
    tile(photo, thumbs.get(photo.sha256), codes.get(photo.file) ?? [], leftOut.has(photo.file), forecasts.get(photo.file)?.registers),
  )
  return `<section><h2>${check.photos.length} photos</h2><div class="grid">${tiles.join('')}</div></section>`
}

function tile(
  photo: Photo,
  thumb: string | undefined,
  codes: readonly string[],
  isLeftOut: boolean,
  registers: number | undefined,
): string {
  // Only pictures that we made ourselves go into the page: anything else as a source would make it call out.
  const picture = isOurs(thumb) ? `<img src="${e(thumb)}" alt="" loading="lazy">` : '<div class="blank"></div>'
  const state = isLeftOut
    ? 'left out'
    : registers === undefined
      ? 'overlap not checked'
      : `should register: ${Math.round(registers * 100)} %`
  const facts = [
    `${photo.widthPx} × ${photo.heightPx}`,
    photo.camera,
    photo.takenAt?.replace('T', ' '),
    `sharpness ${photo.sharpness.toFixed(2)}`,
  ].filter((fact) => fact)
  return `<figure${isLeftOut ? ' class="out"' : ''}>${picture}<figcaption><b>${e(photo.file)}</b><span>${e(state)}</span><span class="quiet">${e(facts.join(' · '))}</span>${codes.map((code) => `<code>${e(code)}</code>`).join(' ')}</figcaption></figure>`
}

function skippedList({ skipped }: Checked): string {
  if (skipped.length === 0) return ''
  const rows = skipped.map(
    ({ file, code, what, remedy }) =>
      `<tr><td>${e(file)}</td><td>${e(what)}<div class="quiet">${e(remedy)}</div></td><td><code>${e(code)}</code></td></tr>`,
  )
  return `<section><h2>Skipped files: ${skipped.length}</h2><table><thead><tr><th>File</th><th>What and what to do</th><th>Code</th></tr></thead><tbody>${rows.join('')}</tbody></table></section>`
}
