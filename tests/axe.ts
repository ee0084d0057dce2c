import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { root } from './served.ts'

const source = readFileSync(join(root, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8')
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

type Found = { readonly id: string; readonly nodes: readonly { readonly html: string }[] }

/** What axe-core finds against WCAG 2.2 A and AA in the page as it stands: rule and element, one a line. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(source)
  const found = await page.evaluate(async (only) => {
    const { axe } = window as unknown as { axe: { run: (on: Document, options: object) => Promise<{ violations: Found[] }> } }
    return (await axe.run(document, { runOnly: only })).violations.map(({ id, nodes }) => ({
      id,
      nodes: nodes.map(({ html }) => ({ html })),
    }))
  }, tags)
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
}
