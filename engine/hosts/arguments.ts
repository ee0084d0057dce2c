import { parseArgs } from 'node:util'
import type { Command } from './command.ts'

export type Flags = Readonly<Record<string, string | boolean | undefined>>

/** What the words of the command line mean; `wrong`: a sentence about what does not fit. */
export type Wish =
  | { readonly kind: 'help'; readonly command: Command | null }
  | { readonly kind: 'version' }
  | { readonly kind: 'command'; readonly command: Command; readonly words: readonly string[]; readonly flags: Flags }
  | { readonly kind: 'wrong'; readonly says: string; readonly command: Command | null }

/** Reads the words; strict: unknown flags and a wrong number of words are refused. */
export function readArguments(argv: readonly string[], commands: readonly Command[]): Wish {
  const [first, ...rest] = argv
  if (first === undefined || first === '--help' || first === '-h') return { kind: 'help', command: null }
  if (first === '--version' || first === '-v') return { kind: 'version' }
  if (first === 'help') return { kind: 'help', command: commands.find((one) => one.name === rest[0]) ?? null }
  const command = commands.find((one) => one.name === first)
  if (command === undefined) return { kind: 'wrong', says: unknown(first, commands), command: null }
  return readCommand(command, rest)
}

function readCommand(command: Command, rest: readonly string[]): Wish {
  const known = Object.fromEntries(
    command.flags.map((flag) => [flag.name, { type: flag.value === undefined ? ('boolean' as const) : ('string' as const) }]),
  )
  const options = { ...known, quiet: { type: 'boolean' as const }, help: { type: 'boolean' as const, short: 'h' } }
  try {
    const { values, positionals } = parseArgs({ args: [...rest], options, strict: true, allowPositionals: true })
    if (values['help'] === true) return { kind: 'help', command }
    const says = wordsWrong(command, positionals)
    return says === null ? { kind: 'command', command, words: positionals, flags: values } : { kind: 'wrong', says, command }
  } catch (error) {
    // parseArgs throws only its own, documented TypeErrors with codes; anything else is a fault of ours.
    if (!(error instanceof TypeError && String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS'))) throw error
    return { kind: 'wrong', says: error.message.split(/\. To specify|\n/)[0] ?? error.message, command }
  }
}

function wordsWrong(command: Command, words: readonly string[]): string | null {
  const missing = command.words[words.length]
  if (missing !== undefined) return `${missing} is missing.`
  const extra = words[command.words.length]
  return extra === undefined ? null : `"${extra}" is one word too many.`
}

function unknown(word: string, commands: readonly Command[]): string {
  if (word.startsWith('-')) return `Unknown flag ${word}: flags stand after the command.`
  const near = commands.find((one) => one.name.startsWith(word.slice(0, 2)))
  return `There is no command "${word}".${near ? ` Did you mean "${near.name}"?` : ''}`
}
