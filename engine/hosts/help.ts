import type { Command, Flag } from './command.ts'
import type { Paint } from './terminal/paint.ts'
import { wrap } from './terminal/words.ts'

const everywhere: readonly Flag[] = [
  { name: 'quiet', says: 'no progress on stderr, only results and problems' },
  { name: 'help', says: 'show this' },
]

const flagWords = (flag: Flag) => `--${flag.name}${flag.value ? ` ${flag.value}` : ''}`

/** Two columns, the first as wide as its longest entry, the second broken at the terminal's width. */
function columns(rows: readonly (readonly [string, string])[], { paint, width }: Page): string {
  const first = Math.max(...rows.map(([left]) => left.length))
  const indent = ' '.repeat(first + 4)
  return rows.map(([left, right]) => `  ${paint.strong(left.padEnd(first))}  ${wrap(right, width - indent.length, indent)}`).join('\n')
}

/** What help is written on. */
export type Page = { readonly paint: Paint; readonly width: number }

/** The help of the whole program. */
export function helpOfAll(commands: readonly Command[], page: Page): string {
  const { paint } = page
  const rows = commands.map((one) => [[one.name, ...one.words].join(' '), one.says] as const)
  return [
    `${paint.strong('spaceport')} turns a folder of photos into a 3D Gaussian splat.`,
    '',
    paint.heading('Commands'),
    columns(rows, page),
    '',
    paint.heading('Everywhere'),
    columns([...everywhere.map((flag) => [flagWords(flag), flag.says] as const), ['--version', 'show the version']], page),
    '',
    paint.heading('Surroundings'),
    columns(
      [
        ['SPACEPORT_HOME', 'where library, database and settings live'],
        ['NO_COLOR', 'no colours'],
      ],
      page,
    ),
    '',
    paint.heading('Example'),
    '  spaceport check ~/photos/quarry',
    '',
    paint.faint('spaceport COMMAND --help says more.'),
    '',
  ].join('\n')
}

/** The help of one command, with its example. */
export function helpOf(command: Command, page: Page): string {
  const { paint, width } = page
  const rows = [...command.flags, ...everywhere].map((flag) => [flagWords(flag), flag.says] as const)
  return [
    `${paint.strong(['spaceport', command.name, ...command.words].join(' '))} ${paint.faint('[flags]')}`,
    '',
    `${command.says}.`,
    ...(command.more ? [wrap(command.more, width, '')] : []),
    '',
    paint.heading('Flags'),
    columns(rows, page),
    '',
    paint.heading('Example'),
    `  ${command.example}`,
    '',
  ].join('\n')
}
