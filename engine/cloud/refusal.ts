import { xmlField } from './xml-text.ts'

/** An answer of the server that is none of success, with the names by which the SDK's errors are known (s3-trouble.ts). */
export class Refusal extends Error {
  readonly $metadata: { readonly httpStatusCode: number }
  readonly $response: { readonly headers: Readonly<Record<string, string>> }

  constructor(status: number, headers: Readonly<Record<string, string>>, body: string) {
    const code = xmlField(body, 'Code') ?? ''
    super(`${status} ${code} ${xmlField(body, 'Message') ?? ''}`.trim())
    this.name = code === '' ? 'Refusal' : code
    this.$metadata = { httpStatusCode: status }
    this.$response = { headers }
  }
}
