import { type Browser, chromium } from 'playwright-core'
import { findBrowser } from '../build/browser.mjs'

/** Software WebGL and no traffic of the browser's own: what a machine without a GPU and without a network needs. */
const flags = [
  '--no-sandbox',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The browser of this machine, or undefined: then the tests of the screens are skipped by name. */
export const browserPath: string | undefined = findBrowser()

/** Opens it without a window. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: browserPath ?? '', args: flags })
}
