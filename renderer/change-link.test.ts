import { expect, test, vi } from 'vitest'
import { ChangeLink, type Link } from './change-link.ts'

/** A stream that the test plays. */
class Stream extends EventTarget {
  readyState = 1
  onopen: (() => void) | null = null
  onerror: (() => void) | null = null
  onmessage: ((message: { data: string }) => void) | null = null
  close(): void {
    this.readyState = 2
  }
  breaks(readyState: 0 | 2): void {
    this.readyState = readyState
    this.onerror?.()
  }
}

function play(answers: readonly (number | null)[] = []) {
  vi.useFakeTimers()
  const streams: Stream[] = []
  const links: Link[] = []
  const statuses = [...answers]
  let anew = 0
  const link = new ChangeLink(
    { change: () => undefined, link: (one) => links.push(one), anew: () => (anew += 1) },
    {
      open: () => {
        streams.push(new Stream())
        return streams.at(-1) as unknown as EventSource
      },
      probe: async () => statuses.shift() ?? null,
      now: () => '14:02',
    },
  )
  link.connect()
  streams[0]?.onopen?.()
  return { link, streams, links, anew: () => anew }
}

test('the first opening is no news, and a reset asks for everything anew', async () => {
  const { streams, links, anew } = play()
  streams[0]?.dispatchEvent(new Event('reset'))
  await vi.advanceTimersByTimeAsync(100)
  expect(links).toEqual([])
  expect(anew()).toBe(1)
})

test('a stream that the browser opens again is read anew once, with its reset', async () => {
  const { streams, links, anew } = play()
  streams[0]?.breaks(0)
  streams[0]?.onopen?.()
  streams[0]?.dispatchEvent(new Event('reset'))
  await vi.advanceTimersByTimeAsync(100)
  expect(links).toEqual([{ kind: 'lost', since: '14:02' }, { kind: 'up' }])
  expect(anew()).toBe(1)
})

test('an engine that was started anew refuses until it knows the page again', async () => {
  const { streams, links, anew } = play([null, 401, 200])
  streams[0]?.breaks(2)
  await vi.advanceTimersByTimeAsync(2500)
  expect(streams).toHaveLength(2)
  streams[1]?.onopen?.()
  await vi.advanceTimersByTimeAsync(100)
  expect(links.map((one) => one.kind)).toEqual(['lost', 'refused', 'up'])
  expect(anew()).toBe(1)
})
