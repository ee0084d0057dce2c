// The Lambda runtime of the loopback account: POST /<function> with an event, the answer as JSON; a throw as Lambda tells it.
// node lambda-host.mjs; its variables are the functions' own. Prints the address that it listens on.
import { createServer } from 'node:http'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const bundles = process.env.LAMBDA_BUNDLES
const loaded = new Map()

async function handlerOf(name) {
  if (!loaded.has(name)) loaded.set(name, import(pathToFileURL(join(bundles, name, 'index.mjs')).href))
  return (await loaded.get(name)).handler
}

async function answer(name, body, response) {
  try {
    const handler = await handlerOf(name)
    const result = await handler(JSON.parse(body))
    response.writeHead(200).end(JSON.stringify(result))
  } catch (error) {
    process.stderr.write(`${error.stack}\n`)
    response.writeHead(500).end(JSON.stringify({ errorType: error.name, errorMessage: error.message }))
  }
}

const server = createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => void answer(request.url.slice(1), Buffer.concat(chunks).toString(), response))
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`))
// Whoever started it holds the other end of stdin.
process.stdin.on('end', () => process.exit(0)).resume()
