/** The head of an HTTP/1.1 answer. `length` null: the body is chunked or ends with the connection. */
export type AnswerHead = {
  readonly status: number
  readonly reason: string
  readonly headers: Readonly<Record<string, string>>
  readonly length: number | null
  /** The connection may be used again. */
  readonly keeps: boolean
}

// Error answers are a few hundred bytes of XML; more is no S3.
const longestError = 256 * 1024

/** The head and how many bytes it takes; null while it is not whole. */
export function headOf(bytes: Buffer): { readonly head: AnswerHead; readonly bytes: number } | null {
  const end = bytes.indexOf('\r\n\r\n')
  if (end === -1) return null
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const status = /^HTTP\/1\.[01] (\d{3}) ?(.*)$/.exec(first)
  if (status === null) throw Object.assign(new Error('this is no HTTP answer'), { code: 'ECONNRESET' })
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const isChunked = /chunked/i.test(headers['transfer-encoding'] ?? '')
  const length = isChunked || headers['content-length'] === undefined ? null : Number(headers['content-length'])
  const keeps = !/close/i.test(headers['connection'] ?? '') && first.startsWith('HTTP/1.1') && (isChunked || length !== null)
  return { head: { status: Number(status[1]), reason: status[2] ?? '', headers, length, keeps }, bytes: end + 4 }
}

/** The body of an error answer: short, of a known length or chunked. */
export class ErrorBody {
  private readonly head: AnswerHead
  private raw = Buffer.alloc(0)

  constructor(head: AnswerHead) {
    this.head = head
  }

  add(bytes: Uint8Array): void {
    this.raw = Buffer.concat([this.raw, bytes])
    if (this.raw.byteLength > longestError) throw Object.assign(new Error('the error has no end'), { code: 'ECONNRESET' })
  }

  get isWhole(): boolean {
    return this.head.length === null ? this.decoded() !== null : this.raw.byteLength >= this.head.length
  }

  get bytes(): Buffer {
    return this.head.length === null ? (this.decoded() ?? this.raw) : this.raw.subarray(0, this.head.length)
  }

  private decoded(): Buffer | null {
    const pieces: Buffer[] = []
    for (let at = 0; ;) {
      const line = this.raw.indexOf('\r\n', at)
      if (line === -1) return null
      const size = Number.parseInt(this.raw.toString('latin1', at, line), 16)
      if (size === 0) return Buffer.concat(pieces)
      if (Number.isNaN(size) || this.raw.byteLength < line + 2 + size + 2) return null
      pieces.push(this.raw.subarray(line + 2, line + 2 + size))
      at = line + 2 + size + 2
    }
  }
}
