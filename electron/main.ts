import path from 'node:path'
import { app, type BrowserWindow, dialog, shell } from 'electron'
import { problemOf } from '../core/problem.ts'
import { type Engine, openEngine } from '../engine/engine.ts'
import { homeFolder } from '../engine/hosts/home-folder.ts'
import { scheme } from './addresses.ts'
import { registerScheme, serveScheme } from './artefact-protocol.ts'
import { openIpc } from './ipc-host.ts'
import { keychain } from './keychain.ts'
import { setMenu } from './menu.ts'
import { openPower } from './power.ts'
import { programFolders } from './program-folders.ts'
import { goTo, openShell } from './shell.ts'
import { denyPermissions, lockDown, openWindow } from './window.ts'
import { wishOf } from './wish.ts'

const home = homeFolder()
const folders = programFolders(app.getAppPath(), app.isPackaged, process.resourcesPath)
const log = (line: string) => process.stderr.write(`${line}\n`)
let window: BrowserWindow | null = null

// One profile for each home: two libraries may be open at once, one library never twice.
app.setPath('userData', path.join(home, 'window'))
app.enableSandbox()
registerScheme()
app.on('web-contents-created', (_event, contents) => lockDown(contents))

/** Settles when the window stands, or when another instance has taken over. */
export const started: Promise<void> = app.requestSingleInstanceLock() ? app.whenReady().then(start).catch(tellAndLeave) : leave()

async function leave(): Promise<void> {
  app.quit()
}

async function start(): Promise<void> {
  const lent = { secrets: keychain(home), openOutside: openSignIn }
  const engine = await openEngine({ kind: 'electron', home, program: folders.program, now: () => new Date(), log, ...lent })
  const undo = [openIpc(engine, () => window, log), openShell(engine, () => window), openPower(engine, log)]
  serveScheme(engine, folders.screens, log)
  denyPermissions()
  setMenu()
  listenToSystem(engine)
  endWith(async () => {
    for (const one of undo) one()
    await engine.close()
  })
  await show(await wishOf(ownWords(process.argv), process.cwd(), engine))
}

/** The person's own browser, which shows whose page it is; nothing but a sign-in's address comes here. */
async function openSignIn(url: string): Promise<boolean> {
  return await shell.openExternal(url).then(
    () => true,
    () => false,
  )
}

async function show(address: string | null): Promise<void> {
  if (window !== null) return goTo(window, address)
  window = await openWindow(folders.preload, address)
  window.on('closed', () => (window = null))
}

/** What the system hands to a running app: another start, a link, a click on the dock. */
function listenToSystem(engine: Engine): void {
  app.setAsDefaultProtocolClient(scheme)
  app.on('second-instance', (_event, argv, folder) => void wishOf(ownWords(argv), folder, engine).then(show))
  app.on('open-url', (_event, link) => void wishOf([link], home, engine).then(show))
  app.on('open-file', (_event, file) => void wishOf([file], home, engine).then(show))
  app.on('activate', () => void show(null))
  app.on('window-all-closed', () => process.platform !== 'darwin' && app.quit())
}

/** Closes the engine before the process goes: what is running is left resumable. */
function endWith(close: () => Promise<void>): void {
  let isClosing = false
  app.on('before-quit', (event) => {
    event.preventDefault()
    if (isClosing) return
    isClosing = true
    void close().finally(() => app.exit(0))
  })
}

/** The words after the program's own: in a checkout the second is the shell's folder or file. */
function ownWords(argv: readonly string[]): readonly string[] {
  return argv.slice(app.isPackaged ? 1 : 2)
}

/** A start that cannot succeed (home not writable, newer database) says why and what to do. */
function tellAndLeave(error: unknown): void {
  const expected = problemOf(error)
  log(error instanceof Error ? (error.stack ?? error.message) : String(error))
  dialog.showErrorBox('Spaceport cannot start', expected ? `${expected.what}\n\n${expected.remedy}` : String(error))
  app.exit(1)
}
