import { expect, it } from 'vitest'
import { readArguments } from './arguments.ts'
import { commands } from './catalogue.ts'
import { helpOf } from './help.ts'
import { paintFor } from './terminal/paint.ts'

const read = (...words: string[]) => readArguments(words, commands)

it('a command gets its words and flags', () => {
  expect(read('check', 'photos', '--json', '--kml', 'plan.kml')).toMatchObject({
    kind: 'command',
    command: { name: 'check' },
    words: ['photos'],
    flags: { json: true, kml: 'plan.kml' },
  })
  expect(read('check', '--', '--odd-folder')).toMatchObject({ words: ['--odd-folder'] })
})

it('what does not fit is refused with a sentence', () => {
  expect(read('check')).toMatchObject({ kind: 'wrong', says: 'FOLDER is missing.' })
  expect(read('check', 'a', 'b')).toMatchObject({ kind: 'wrong', says: '"b" is one word too many.' })
  expect(read('check', 'a', '--nope')).toMatchObject({ kind: 'wrong', says: expect.stringContaining('--nope') as string })
  expect(read('check', 'a', '--json=yes')).toMatchObject({ kind: 'wrong' })
  expect(read('check', 'a', '--kml')).toMatchObject({ kind: 'wrong' })
  expect(read('chekc')).toMatchObject({ kind: 'wrong', says: 'There is no command "chekc". Did you mean "check"?' })
  expect(read('--json', 'check')).toMatchObject({ kind: 'wrong' })
})

it('help and version need nothing else', () => {
  expect(read().kind).toBe('help')
  expect(read('--help')).toEqual({ kind: 'help', command: null })
  expect(read('run', '--help')).toMatchObject({ kind: 'help', command: { name: 'run' } })
  expect(read('--version').kind).toBe('version')
})

it('each command of the public page is there, with an example of itself', () => {
  expect(commands.map((one) => one.name)).toEqual([
    'check',
    'run',
    'runs',
    'watch',
    'stop',
    'fetch',
    'upload',
    'target',
    'targets',
    'open',
    'convert',
    'evaluate',
    'doctor',
    'serve',
  ])
  for (const command of commands) {
    expect(helpOf(command, { paint: paintFor({}), width: 80 })).toContain(`Example\n  spaceport ${command.name}`)
    const words = command.example.split(' ').slice(1)
    expect(read(...words).kind, command.example).toBe('command')
  }
})
