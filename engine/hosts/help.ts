import type { Command, Flag } from './command.ts'
import type { Paint } from './terminal/paint.ts'

const everywhere: readonly Flag[] = [
  { name: 'quiet', says: 'no progress on stderr, only results and problems' },
  { name: 'help', says: 'show this' },
]

const flagWords = (flag: Flag) => `--${flag.name}${flag.value ? ` ${flag.value}` : ''}`

/** Two columns, the first as wide as its longest entry. */
function columns(rows: readonly (readonly [string, string])[], paint: Paint): string {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${paint.strong(left.padEnd(width))}  ${right}`).join('\n')
}

/** The help of the whole program. */
export function helpOfAll(commands: readonly Command[], paint: Paint): string {
  const rows = commands.map((one) => [[one.name, ...one.words].join(' '), one.says] as const)
  return [
    `${paint.strong('spaceport')} turns a folder of photos into a 3D Gaussian splat.`,
    '',
    paint.heading('Commands'),
    columns(rows, paint),
    '',
    paint.heading('Everywhere'),
    columns([...everywhere.map((flag) => [flagWords(flag), flag.says] as const), ['--version', 'show the version']], paint),
    '',
    paint.heading('Surroundings'),
    columns(
      [
        ['SPACEPORT_HOME', 'where library, database and settings live'],
        ['NO_COLOR', 'no colours'],
      ],
      paint,
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
export function helpOf(command: Command, paint: Paint): string {
  const rows = [...command.flags, ...everywhere].map((flag) => [flagWords(flag), flag.says] as const)
  return [
    `${paint.strong(['spaceport', command.name, ...command.words].join(' '))} ${paint.faint('[flags]')}`,
    '',
    `${command.says}.`,
    ...(command.more ? [command.more] : []),
    '',
    paint.heading('Flags'),
    columns(rows, paint),
    '',
    paint.heading('Example'),
    `  ${command.example}`,
    '',
  ].join('\n')
}
