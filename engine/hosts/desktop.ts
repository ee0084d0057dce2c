import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** `isBuilt`: the shell's bundle stands, so the window can open at once. */
export type DesktopProgram = { readonly electron: string; readonly isBuilt: boolean }

/** The Electron program of this checkout, or null where its binary is missing. Never asks the network; `require('electron')` would. */
export function desktopProgram(program: string): DesktopProgram | null {
  const folder = path.join(program, 'node_modules', 'electron')
  const named = path.join(folder, 'path.txt')
  if (!existsSync(named)) return null
  const electron = path.join(folder, 'dist', readFileSync(named, 'utf8').trim())
  return existsSync(electron) ? { electron, isBuilt: existsSync(path.join(program, 'dist', 'electron', 'main.js')) } : null
}
