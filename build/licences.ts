import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What comes with the product: a package, its version, and the licence that it states itself; null: it states none. */
export type Licence = { readonly name: string; readonly version: string; readonly licence: string | null }

type Locked = { readonly version?: string; readonly license?: string; readonly dev?: boolean }

/** Every package that the product needs at run time, by the lockfiles: what is there, not what somebody once wrote down. */
export function licences(root: string): readonly Licence[] {
  return [...nodeLicences(root), ...pythonLicences(root)].toSorted((a, b) => a.name.localeCompare(b.name))
}

function nodeLicences(root: string): readonly Licence[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, Locked>>
  }
  const found = Object.entries(packages).flatMap(([path, { version = '', license = null, dev }]) =>
    path === '' || dev ? [] : [{ name: path.slice(path.lastIndexOf('node_modules/') + 13), version, licence: license }],
  )
  // The same version may lie in several places of the tree.
  return [...new Map(found.map((one) => [`${one.name} ${one.version}`, one])).values()]
}

/** The packages above the line "# Development" of requirements.in, as they are installed. */
function pythonLicences(root: string): readonly Licence[] {
  const lib = join(root, '.venv', 'lib')
  const folders = [join(root, '.venv', 'Lib'), ...(existsSync(lib) ? readdirSync(lib).map((one) => join(lib, one)) : [])]
  const site = folders.map((one) => join(one, 'site-packages')).find((one) => existsSync(one))
  if (!site) return []
  return runtimeNames(root).flatMap((name) => {
    const info = readdirSync(site).find((one) => one.startsWith(`${name}-`) && one.endsWith('.dist-info'))
    return info ? [licenceOf(name, readFileSync(join(site, info, 'METADATA'), 'utf8'))] : []
  })
}

function runtimeNames(root: string): readonly string[] {
  const [runtime = ''] = readFileSync(join(root, 'containers', 'requirements.in'), 'utf8').split('# Development')
  return [...runtime.matchAll(/^([\w.-]+)==/gm)].map((match) => match[1] ?? '')
}

/** Old packages put the licence's whole text where newer ones put its name; then the classifier names it. */
function licenceOf(name: string, metadata: string): Licence {
  const field = (key: string) => new RegExp(`^${key}:? (.+)$`, 'm').exec(metadata)?.[1] ?? null
  const short = field('License')
  const stated = field('License-Expression') ?? (short && /^[\w.+-]+( (AND|OR|WITH) [\w.+-]+)*$/.test(short) ? short : null)
  return { name, version: field('Version') ?? '', licence: stated ?? field('Classifier: License :: OSI Approved ::') }
}
