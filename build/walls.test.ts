import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { breaches, importsOf } from './walls.ts'

const root = dirname(import.meta.dirname)

function planted(file: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'walls-'))
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), text)
  return folder
}

test('no room imports what its table does not allow', () => {
  expect(breaches(root)).toEqual([])
})

test.each([
  ['core/a.ts', `import { readFile } from 'node:fs'`],
  ['core/a.ts', `import { run } from '../engine/engine.ts'`],
  ['renderer/a.tsx', `import { run } from '../engine/engine.ts'`],
  ['renderer/a.tsx', `export * from 'electron'`],
  ['engine/a.ts', `import { app } from '../electron/main.ts'`],
  ['engine/a.ts', `await import('../build/walls.ts')`],
])('%s with «%s» is a breach', (file, text) => {
  const folder = planted(file, text)
  expect(breaches(folder)).toHaveLength(1)
  rmSync(folder, { recursive: true })
})

test('every form of import is seen', () => {
  const text = `import a from 'a'\nimport type { B } from './b.ts'\nexport { c } from "./c.ts"\nconst d = await import('d')\nimport 'e'\nnew Worker(new URL('./f.ts', import.meta.url))\n`
  expect(importsOf(text)).toEqual(['a', './b.ts', './c.ts', 'd', 'e', './f.ts'])
})
