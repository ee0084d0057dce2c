import { kindWords, type ReshootPlan, type ReshootPosition } from '../overlap/reshoot-plan.ts'
import { howTo, sentence, whereIs } from '../overlap/reshoot-words.ts'
import { escapeXml as e } from './escape.ts'

/** The re-shoot plan as a table that can be taken to the field. */
export function planTable(plan: ReshootPlan): string {
  if (plan.positions.length === 0 && (plan.notes.length === 0 || plan.rule === '')) return ''
  const rows = plan.positions.map((position) => row(position, plan.accuracyM))
  const table =
    rows.length === 0
      ? ''
      : `<table class="plan"><thead><tr><th>No.</th><th>Why</th><th>Where</th><th>Position</th><th>Height and direction</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
  const notes = [...plan.notes, plan.rule].filter((note) => note !== '').map((note) => `<p class="quiet">${e(note)}</p>`)
  const count = plan.positions.length
  return `<section><h2>Re-shoot plan, ${count} ${count === 1 ? 'position' : 'positions'}</h2>${table}${notes.join('')}</section>`
}

function row(position: ReshootPosition, accuracyM: number | null): string {
  const cells = [
    `<b>${position.number}</b>`,
    `${e(kindWords[position.kind])}<div class="quiet">${e(position.reason)}</div>`,
    e(sentence(position.words)),
    e(whereIs(position, accuracyM)) || '—',
    e(howTo(position)) || '—',
  ]
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`
}
