import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** The Electron program of this checkout with the built shell, or null where either is missing. Never asks the network. */
export function desktopProgram(program: string): { readonly electron: string; readonly main: string } | null {
  const folder = path.join(program, 'node_modules', 'electron')
  const named = path.join(folder, 'path.txt')
  const main = path.join(program, 'dist', 'electron', 'main.js')
  if (!existsSync(named) || !existsSync(main)) return null
  const electron = path.join(folder, 'dist', readFileSync(named, 'utf8').trim())
  return existsSync(electron) ? { electron, main } : null
}
