// Bundles the Lambdas: node backend/bundle.ts [FOLDER]. One folder each, an ES module and its source map.
import { mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'

export const lambdaNames = ['start-job', 'stop-job', 'get-job', 'link', 'report', 'notify', 'dead-man'] as const
export type LambdaName = (typeof lambdaNames)[number]

/** Beside the packages, so that the very same files run in tests, where no Lambda runtime brings the SDK. */
export const bundleFolder: string = join(import.meta.dirname, 'dist', 'lambdas')

// zod carries its messages in forty languages; the API speaks one, and a cold start pays for every byte.
const oneLanguage: Plugin = {
  name: 'one-language',
  setup: (bundling) => {
    bundling.onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: "export { default as en } from './en.js'" }))
  },
}

/** Bundles every Lambda into `folder`; returns the bytes of each module. The SDK stays outside: the runtime brings its own, already loaded. */
export async function bundleLambdas(folder: string = bundleFolder): Promise<Record<string, number>> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  await build({
    absWorkingDir: import.meta.dirname,
    entryPoints: lambdaNames.map((name) => ({ in: join(import.meta.dirname, 'lambdas', `${name}.ts`), out: `${name}/index` })),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    plugins: [oneLanguage],
    external: ['@aws-sdk/*', '@smithy/*'],
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
    // The same text for the same sources, so that a deployment without a change changes nothing.
    charset: 'utf8',
  })
  return Object.fromEntries(lambdaNames.map((name) => [name, statSync(join(folder, name, 'index.mjs')).size]))
}

if (process.argv[1] === import.meta.filename) {
  const sizes = await bundleLambdas(process.argv[2])
  for (const [name, bytes] of Object.entries(sizes)) process.stdout.write(`${name}: ${bytes} bytes\n`)
}
