import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { wrongSettings } from './problem.ts'

export type Folders = { readonly inputs: string; readonly out: string; readonly settings: unknown }

/** SageMaker's folder; SPACEPORT_ML_ROOT moves it for tests. */
export const sagemakerRoot = (): string => process.env['SPACEPORT_ML_ROOT'] ?? '/opt/ml'

/** Reads `[train] --in DIR --out DIR --settings FILE`; without them a Processing job's folders. Throws 64. */
export function readFolders(argv: readonly string[]): Folders {
  const given = parse(argv)
  const processing = join(sagemakerRoot(), 'processing')
  const usual = existsSync(join(processing, 'input'))
  const inputs = given.in ?? (usual ? join(processing, 'input') : undefined)
  const out = given.out ?? (usual ? join(processing, 'output') : undefined)
  if (inputs === undefined || out === undefined) throw wrongSettings('--in DIR and --out DIR are needed.')
  if (!existsSync(inputs)) throw wrongSettings(`The input folder ${inputs} does not exist.`)
  const file = given.settings ?? join(processing, 'input', 'settings', 'settings.json')
  const text = given.settings !== undefined || (usual && existsSync(file)) ? readText(file) : process.env['SPACEPORT_SETTINGS']
  return { inputs: resolve(inputs), out: resolve(out), settings: text === undefined ? {} : parseJson(text) }
}

function parse(argv: readonly string[]): { in?: string; out?: string; settings?: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { in: { type: 'string' }, out: { type: 'string' }, settings: { type: 'string' } },
    })
    if (positionals.some((word) => word !== 'train')) throw new Error(`unknown argument ${positionals.join(' ')}`)
    return { ...values }
  } catch (error) {
    throw wrongSettings(`The arguments do not fit: ${(error as Error).message}`)
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw wrongSettings(`The settings file ${file} cannot be read: ${(error as Error).message}`)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw wrongSettings(`The settings are not JSON: ${(error as Error).message}`)
  }
}
