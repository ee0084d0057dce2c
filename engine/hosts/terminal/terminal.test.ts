import { expect, it } from 'vitest'
import { problem } from '../../../core/problem.ts'
import { paintFor } from './paint.ts'
import { plainStatus, redrawnStatus } from './status.ts'
import { problemText } from './terminal.ts'
import { bar, printable, someOf, wrap } from './words.ts'

const screen = (columns = 80) => {
  const written: string[] = []
  return { written, out: { write: (text: string) => void written.push(text), columns, isTTY: true } }
}

it('of many names the first few are said', () => {
  expect(someOf(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more')
})

it('a bar is as long as what was counted', () => {
  expect([bar(0, 4, 8), bar(1, 4, 8), bar(4, 4, 8), bar(9, 4, 8), bar(0, 0, 8)]).toEqual([
    '░░░░░░░░',
    '██░░░░░░',
    '████████',
    '████████',
    '░░░░░░░░',
  ])
})

it('a file name cannot drive the terminal', () => {
  expect(printable('a\u001b[2Jb\u009b1mc\n')).toBe('a\ufffd[2Jb\ufffd1mc ')
})

it('text is broken at spaces', () => {
  expect(wrap('one two three four', 9, '  ')).toBe('one two\n  three\n  four')
})

it('a block is redrawn in place and never wider than the terminal', () => {
  const { written, out } = screen(20)
  const status = redrawnStatus(out)
  status.show(['first', 'second'])
  status.show(['x'.repeat(100)])
  status.done()
  expect(written[0]).toBe('first\nsecond\n')
  expect(written[1]).toBe(`\u001b[2A\u001b[0J${'x'.repeat(18)}…\n`)
})

it('a block that is cleared leaves nothing', () => {
  const { written, out } = screen()
  const status = redrawnStatus(out)
  status.show(['first'])
  status.show(['second'])
  status.clear()
  expect(written).toEqual(['first\n', '\u001b[1A\u001b[0J'])
})

it('lines that stay come at intervals, only where something changed, and the last state always', () => {
  const { written, out } = screen()
  let nowMs = 0
  const status = plainStatus(out, () => nowMs)
  status.show(['1 of 9'])
  status.show(['2 of 9'])
  nowMs = 5000
  status.show(['6 of 9'])
  nowMs = 10_000
  status.show(['6 of 9'])
  status.show(['9 of 9'])
  status.done()
  expect(written).toEqual(['1 of 9\n', '6 of 9\n', '9 of 9\n'])
})

it('colours are off where NO_COLOR is set or nobody looks', () => {
  expect(paintFor({ isTTY: true }, { NO_COLOR: '1' }).bad('x')).toBe('x')
  expect(paintFor({ isTTY: false }, {}).bad('x')).toBe('x')
  expect(paintFor({ isTTY: true }, {}).bad('x')).toBe('\u001b[31mx\u001b[39m')
})

it('a Problem is what happened, what to do, and its code', () => {
  expect(problemText(problem('disk/full', 'The disk is full.', 'Free up space.'), paintFor({}))).toBe(
    'Problem: The disk is full.\nRemedy:  Free up space.\n         disk/full\n',
  )
})
