// Loads the bundle of the main process under plain Node, the electron module replaced by the stand-in, and says what it did.
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

const [, , bundle, standIn] = process.argv
registerHooks({
  resolve: (name, context, next) => (name === 'electron' ? { url: pathToFileURL(standIn).href, shortCircuit: true } : next(name, context)),
})
const { app, seen } = await import(pathToFileURL(standIn).href)
const { started } = await import(pathToFileURL(bundle).href)
await started
const page = await seen.protocols.get('spaceport')?.(new Request('spaceport://app/index.html'))
process.stdout.write(JSON.stringify({ windows: seen.windows.length, page: page?.status ?? 0, calls: seen.ipc.size, errors: seen.errors }))
app.on('before-quit', () => undefined)
app.quit()
const wait = setInterval(() => seen.exits.length > 0 && process.exit(seen.exits[0]), 20)
wait.ref()
