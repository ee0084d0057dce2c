import { expect, test } from 'vitest'
import { openMemory } from './memory.ts'

const mib = 1024 * 1024

test('pieces lent at once never overlap, and never sum above the limit', async () => {
  const memory = openMemory(8 * mib)
  const loans = await Promise.all([3 * mib, 1, 2 * mib + 5].map((size) => memory.borrow(size)))
  const places = loans.map(({ bytes }) => [bytes.byteOffset, bytes.byteOffset + bytes.byteLength])
  expect(loans.map(({ bytes }) => bytes.byteLength)).toEqual([3 * mib, 1, 2 * mib + 5])
  for (const [at, [from = 0]] of places.entries()) if (at > 0) expect(from).toBeGreaterThanOrEqual(places[at - 1]?.[1] ?? 0)
  expect(new Set(loans.map(({ bytes }) => bytes.buffer)).size).toBe(1)
})

test('who asks for more than is free waits, in the order of asking', async () => {
  const memory = openMemory(4 * mib)
  const first = await memory.borrow(3 * mib)
  const order: string[] = []
  const large = memory.borrow(4 * mib).then((loan) => (order.push('large'), loan))
  const small = memory.borrow(1).then((loan) => (order.push('small'), loan))
  first.giveBack()
  first.giveBack()
  ;(await large).giveBack()
  await small
  expect(order).toEqual(['large', 'small'])
  await expect(memory.borrow(5 * mib)).rejects.toThrow(RangeError)
})
