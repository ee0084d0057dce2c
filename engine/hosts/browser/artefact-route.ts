import type { IncomingMessage, ServerResponse } from 'node:http'
import { problem } from '../../../core/problem.ts'
import type { Engine } from '../../engine.ts'
import { answerFile } from '../ranged-file.ts'
import { fileRequest } from './file-request.ts'
import { sendFile, sendProblem } from './reply.ts'

// An artefact is data: should a page ever be among them, it may not act in the name of the screens.
const dataOnly = { 'Content-Security-Policy': "default-src 'none'; sandbox" }

/** GET and HEAD /artefact/<path>: bytes of the library. Only the engine knows which file an address stands for. */
export async function answerArtefact(engine: Engine, encoded: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const address = decoded(encoded)
  if (address === null)
    return sendProblem(response, 400, problem('artefact/address', 'This is no address of an artefact.', 'Open it from the library.'))
  const found = await engine.artefact(address)
  if ('code' in found) return sendProblem(response, 404, found)
  const answer = await answerFile(fileRequest(request), found.file, found.mime)
  await sendFile(response, { ...answer, headers: { ...answer.headers, ...dataOnly } })
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
