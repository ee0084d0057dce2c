import http from 'node:http'

export type Asked = {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: Buffer
  readonly json: () => unknown
}
export type Asking = { readonly method?: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: string | Buffer }

/** Asks a host with exactly these bytes of path and headers: no client tidies them up on the way. */
export async function ask(port: number, path: string, { method = 'GET', headers = {}, body }: Asking = {}): Promise<Asked> {
  return await new Promise((done, fail) => {
    const request = http.request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const whole = Buffer.concat(chunks)
        done({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: whole,
          json: () => JSON.parse(whole.toString('utf8')) as unknown,
        })
      })
      response.on('error', fail)
    })
    request.on('error', fail)
    request.end(body)
  })
}
