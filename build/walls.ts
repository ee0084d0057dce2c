import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

/** A room: what it may import from the other rooms, and which packages beside node's own. */
type Room = { readonly rooms: readonly string[]; readonly packages: 'any' | readonly string[]; readonly node: boolean }

const screenPackages = [
  'react',
  'react-dom',
  'three',
  '@sparkjsdev/spark',
  '@base-ui/react',
  '@tanstack/react-virtual',
  'uplot',
  'lucide-react',
  'camera-controls',
  'tinykeys',
  'react-resizable-panels',
  '@fontsource-variable/inter',
  '@fontsource-variable/jetbrains-mono',
  'zod',
]

/** The table of docs/house.md: folder = runtime + permission. */
export const rooms: Readonly<Record<string, Room>> = {
  core: { rooms: [], packages: ['zod'], node: false },
  engine: { rooms: ['core'], packages: 'any', node: true },
  electron: { rooms: ['core', 'engine'], packages: 'any', node: true },
  renderer: { rooms: ['core'], packages: screenPackages, node: false },
  backend: { rooms: ['core'], packages: 'any', node: true },
  'containers/compressor': { rooms: ['containers/common'], packages: ['@playcanvas/splat-transform', 'sharp', 'zod'], node: true },
}

// Tests may reach for what they test with, on top of their room's permissions.
const testPackages = ['vitest', 'jsdom', 'sharp', 'playwright-core', 'asl-validator', 'better-sqlite3']
// Only the engine's intake loads the addon; nobody imports the build or the tests.
const closed = ['build', 'tests', 'bench']

export type Breach = { readonly file: string; readonly imports: string; readonly why: string }

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|new URL\(\s*['"]([^'"]+\.(?:ts|tsx|mjs))['"]\s*,\s*import\.meta\.url/g

/** The specifiers that a source text imports, in order. */
export function importsOf(text: string): string[] {
  return [...text.matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '')
}

/** Every import under `root` that the table of rooms does not allow. */
export function breaches(root: string): Breach[] {
  return Object.entries(rooms).flatMap(([name, room]) => sources(join(root, name)).flatMap((file) => breachesOf(root, name, room, file)))
}

function breachesOf(root: string, name: string, room: Room, file: string): Breach[] {
  const isTest = /\.test\.tsx?$|\/testing\//.test(file)
  const check = (imports: string): Breach[] => {
    const why = imports.startsWith('.') ? whyNotFile(root, name, room, file, imports) : whyNotPackage(room, imports, isTest)
    return why === undefined ? [] : [{ file: relative(root, file), imports, why }]
  }
  return importsOf(readFileSync(file, 'utf8')).flatMap(check)
}

function whyNotFile(root: string, name: string, room: Room, file: string, imports: string): string | undefined {
  const target = relative(root, resolve(dirname(file), imports.split('?')[0] ?? imports))
  if (target.startsWith(`${name}/`)) return undefined
  const isData = target.startsWith('backend/pipeline/') && target.endsWith('.json')
  if (isData && (name === 'engine' || name === 'core')) return undefined
  if (room.rooms.some((one) => target.startsWith(`${one}/`))) return undefined
  return closed.some((one) => target.startsWith(`${one}/`))
    ? `nobody imports ${target.split('/')[0]}`
    : `${name} may import ${room.rooms.join(', ') || 'no other room'}`
}

function whyNotPackage(room: Room, imports: string, isTest: boolean): string | undefined {
  if (imports.startsWith('node:')) return room.node || isTest ? undefined : 'this room has no Node'
  const parts = imports.split('/')
  const name = imports.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? imports)
  if (room.packages === 'any' || room.packages.includes(name)) return undefined
  return isTest && testPackages.includes(name) ? undefined : `the package ${name} is not in this room's list`
}

function sources(folder: string): string[] {
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((one) => one.isFile() && /\.(ts|tsx|mjs)$/.test(one.name) && !one.parentPath.includes('node_modules'))
    .map((one) => join(one.parentPath, one.name))
}
