import type { ExitCode } from './exit-code.ts'
import type { Terminal } from './terminal/terminal.ts'

/** One flag of a command. `value`: the word that stands for its argument in the help; absent: a switch. */
export type Flag = { readonly name: string; readonly value?: string; readonly says: string }

/** What a command is given: checked words and flags, where things lie, and the signal that ends it. */
export type Context = {
  readonly words: readonly string[]
  readonly flags: Readonly<Record<string, string | boolean | undefined>>
  readonly terminal: Terminal
  readonly home: string
  readonly program: string
  readonly version: string
  readonly signal: AbortSignal
}

/** One command as the help and the parser see it; its code is loaded only when it runs. */
export type Command = {
  readonly name: string
  readonly words: readonly string[]
  readonly says: string
  readonly more?: string
  readonly example: string
  readonly flags: readonly Flag[]
  readonly load: () => Promise<{ readonly run: (context: Context) => Promise<ExitCode> }>
}

/** A flag's text, or undefined. */
export function textFlag(context: Context, name: string): string | undefined {
  const value = context.flags[name]
  return typeof value === 'string' ? value : undefined
}
