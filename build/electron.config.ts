import { cpSync, existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
const out = path.join(root, 'dist', 'electron')
const isPreload = process.env['SPACEPORT_BUNDLE'] === 'preload'

/** Threads are started by the address of their own file, so each is an entry of its own. */
function workers(): Record<string, string> {
  const files = readdirSync(path.join(root, 'engine'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('-worker.ts'))
  return Object.fromEntries(files.map((file) => [path.join('engine', file.slice(0, -3)), path.join(root, 'engine', file)]))
}

/** The overlap engine under the name that a package looks for; the set-up builds it under the hash of its sources. */
function copyAddon(): void {
  const built = path.join(root, '.cache', 'native')
  if (existsSync(path.join(built, 'current')))
    cpSync(path.join(built, readFileSync(path.join(built, 'current'), 'utf8').trim()), path.join(root, 'dist', 'native', 'spaceport.node'))
}

/** Sources find their neighbours by `new URL('./x.ts', import.meta.url)`; in the bundle the neighbour is a .js. The database's migrations travel along. */
const neighbours: Plugin = {
  name: 'neighbours',
  transform: (code, id) =>
    id.startsWith(root) && !id.includes('node_modules')
      ? code.replaceAll(/(new URL\(\s*['"]\.[^'"]*)\.ts(['"]\s*,\s*import\.meta\.url)/g, '$1.js$2')
      : null,
  writeBundle: () => {
    cpSync(path.join(root, 'engine', 'history', 'migrations'), path.join(out, 'engine', 'history', 'migrations'), { recursive: true })
    copyAddon()
  },
}

const preload = defineConfig({
  root,
  logLevel: 'warn',
  build: {
    // A sandboxed preload is one CommonJS file that may require nothing but electron.
    lib: { entry: path.join(root, 'electron', 'preload.ts'), formats: ['cjs'], fileName: () => 'preload.cjs' },
    outDir: out,
    emptyOutDir: false,
    target: 'chrome140',
    minify: false,
    rolldownOptions: { external: ['electron'] },
  },
})

const main = defineConfig({
  root,
  logLevel: 'warn',
  plugins: [neighbours],
  build: {
    // The tree is kept as it is: stack traces name our files, and threads find theirs.
    ssr: true,
    outDir: out,
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    rolldownOptions: {
      input: { main: path.join(root, 'electron', 'main.ts'), ...workers() },
      external: (id) => !id.startsWith('.') && !path.isAbsolute(id),
      output: { preserveModules: true, preserveModulesRoot: root, entryFileNames: '[name].js', format: 'es' },
    },
  },
})

/** The shell's bundle. SPACEPORT_BUNDLE=preload makes the preload; without it the main process. */
export default isPreload ? preload : main
