import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleLambdas } from '../bundle.ts'
import { addSpaceport, emptyApp, type Making } from '../make-app.ts'

export type Resource = { readonly Type: string; readonly Properties: Record<string, unknown> }
export type Template = { readonly Resources: Record<string, Resource> }
export type Statement = {
  readonly Action: string | string[]
  readonly Resource: unknown
  readonly Effect: string
  readonly Condition?: unknown
}

/** A place for templates, with the bundled Lambdas in it. */
export async function workshop() {
  const folder = mkdtempSync(join(tmpdir(), 'spaceport-stack-'))
  const bundles = join(folder, 'lambdas')
  const sizes = await bundleLambdas(bundles)
  const begin = (making: Omit<Making, 'bundles'>) => {
    const app = emptyApp(mkdtempSync(join(folder, 'out-')))
    return { app, stack: addSpaceport(app, { ...making, bundles }) }
  }
  const synthesise = (making: Omit<Making, 'bundles'>): Template => {
    const { app, stack } = begin(making)
    return app.synth().getStackByName(stack.stackName).template as Template
  }
  return { sizes, begin, synthesise, close: () => rmSync(folder, { recursive: true, force: true }) }
}

/** A value of the template with what only a deployment knows filled in: enough of CloudFormation's functions for policies. */
export function filledIn(value: unknown, known: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((one) => filledIn(one, known))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const [[key, inner] = ['', null]] = entries
  if (entries.length === 1 && key === 'Ref') return lookUp(String(inner), known)
  if (entries.length === 1 && key === 'Fn::GetAtt') return lookUp((inner as string[]).join('.'), known)
  if (entries.length === 1 && key === 'Fn::Join') {
    const [between, parts] = inner as [string, unknown[]]
    return parts.map((one) => String(filledIn(one, known))).join(between)
  }
  return Object.fromEntries(entries.map(([name, one]) => [name, filledIn(one, known)]))
}

function lookUp(name: string, known: Readonly<Record<string, string>>): string {
  const value = known[name]
  if (value === undefined) throw new Error(`the test does not know ${name}`)
  return value
}
