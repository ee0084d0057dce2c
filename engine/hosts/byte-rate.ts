import { BandwidthLimit } from '../../core/transfer/bandwidth.ts'
import { UsageError } from './commands/usage-error.ts'

const units: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, g: 1e9, ki: 1024, mi: 1024 ** 2, gi: 1024 ** 3, '': 1 }

/** Reads `2MB/s`, `500 kB/s`, `1.5MiB/s` as a limit that holds always; "B/s" may be left out. Throws UsageError. */
export function readByteRate(flag: string, text: string): BandwidthLimit {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmg]i?)?(?:b(?:\/s)?)?$/i.exec(text.trim()) ?? []
  const bytesPerS = Math.round(Number(amount) * (units[unit.toLowerCase()] ?? Number.NaN))
  const read = BandwidthLimit.safeParse({ bytesPerS, hours: null })
  if (read.success) return read.data
  throw new UsageError(`--${flag} "${text}" is not a rate: write 2MB/s, or 500kB/s; 10 kB/s at least.`)
}
