import type { IncomingMessage, ServerResponse } from 'node:http'
import { problem } from '../../../core/problem.ts'
import type { Engine } from '../../engine.ts'
import { answerCall } from '../door.ts'
import { sendJson, sendProblem } from './reply.ts'

// The longest input is captures.setUse with 100,000 names; 100 bytes a name and room to spare.
const MAX_BODY_BYTES = 16 * 1024 * 1024

/** POST /call/<name> with the input as JSON; answers a Reply. */
export async function answerCallRoute(
  engine: Engine,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
  log: (line: string) => void,
): Promise<void> {
  // The type makes a browser ask before it sends, should everything else ever fail to stop a foreign page.
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? ''))
    return sendProblem(
      response,
      415,
      problem('call/input', 'A call must be sent as application/json.', 'Set the header content-type: application/json.'),
    )
  const body = await readBody(request)
  if (body === null) return sendProblem(response, 413, problem('call/input', 'The call is longer than 16 MB.', 'Send fewer names at once.'))
  const input = parse(body)
  if (input === undefined)
    return sendProblem(response, 400, problem('call/input', 'The call is not JSON.', 'Reload the window and try again.'))
  sendJson(response, 200, await answerCall(engine, name, input, log))
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parse(body: string): unknown {
  try {
    return body === '' ? {} : JSON.parse(body)
  } catch {
    return undefined
  }
}
