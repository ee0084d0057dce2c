import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** An error as AWS tells it: its name reaches the caller's SDK as the error's name. */
export class ServiceError extends Error {
  constructor(name: string, message: string) {
    super(message)
    this.name = name
  }
}

export type Operations = Readonly<Record<string, (input: never) => unknown>>
export type Service = { readonly endpoint: string; readonly close: () => Promise<void>; readonly calls: Map<string, number> }

/** A loopback service that speaks AWS's JSON protocol: the operation stands in the header X-Amz-Target. Times are seconds. */
export async function serveJson(operations: Operations): Promise<Service> {
  const calls = new Map<string, number>()
  const server = createServer((request, response) => {
    void serve(request, response, operations, calls)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    endpoint: `http://127.0.0.1:${port}`,
    calls,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  operations: Operations,
  calls: Map<string, number>,
): Promise<void> {
  const name = String(request.headers['x-amz-target']).split('.').at(-1) ?? ''
  calls.set(name, (calls.get(name) ?? 0) + 1)
  const tell = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body, asSeconds))
  }
  try {
    const input = JSON.parse(await textOf(request)) as never
    const operation = operations[name]
    if (!operation) throw new ServiceError('UnknownOperationException', `${name} is not played here`)
    tell(200, (await operation(input)) ?? {})
  } catch (error) {
    const known = error instanceof ServiceError
    tell(known ? 400 : 500, {
      __type: known ? error.name : 'InternalFailure',
      message: error instanceof Error ? error.message : String(error),
    })
  }
}

export async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

// Dates are marked by their owners as {seconds}, because JSON.stringify turns a Date into text before a replacer sees it.
function asSeconds(_key: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'atMs' in value ? (value as { atMs: number }).atMs / 1000 : value
}

export const time = (at: Date | null): { atMs: number } | undefined => (at ? { atMs: at.getTime() } : undefined)
