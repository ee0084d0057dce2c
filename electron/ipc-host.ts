import { type BrowserWindow, dialog, ipcMain, type IpcMainInvokeEvent } from 'electron'
import { z } from 'zod'
import type { Reply } from '../core/contract.ts'
import { problem } from '../core/problem.ts'
import type { Engine } from '../engine/engine.ts'
import { answerCall } from '../engine/hosts/door.ts'
import { type Dropped, takePaths } from '../engine/hosts/drop.ts'
import { isOwnPage } from './addresses.ts'
import { channels } from './channels.ts'

const Paths = z.array(z.string().min(1).max(4096)).max(10_000)
const refused = problem('call/sender', 'This page may not speak to the engine.', 'Close the window and open Spaceport again.')

/** Answers the window's questions and brings it the changes; returns its undoing. */
export function openIpc(engine: Engine, window: () => BrowserWindow | null, log: (line: string) => void): () => void {
  const isOurs = (event: IpcMainInvokeEvent) => isFromWindow(event, window())
  ipcMain.handle(channels.call, async (event, name: unknown, input: unknown): Promise<Reply<unknown>> => {
    if (!isOurs(event)) return { ok: false, problem: refused }
    return await answerCall(engine, String(name), input, log)
  })
  ipcMain.handle(channels.chooseFolder, async (event): Promise<string | null> => {
    const owner = window()
    if (!isOurs(event) || owner === null) return null
    const { filePaths } = await dialog.showOpenDialog(owner, { title: 'Choose a folder of photos', properties: ['openDirectory'] })
    return filePaths[0] ?? null
  })
  ipcMain.handle(channels.takePaths, async (event, paths: unknown): Promise<Dropped> => {
    const given = Paths.safeParse(paths)
    return isOurs(event) && given.success ? await takePaths(given.data, engine.importFolder) : { problem: refused }
  })
  const leave = engine.subscribe((change) => {
    const open = window()
    if (open && !open.isDestroyed()) open.webContents.send(channels.change, change)
  })
  return () => {
    leave()
    for (const channel of [channels.call, channels.chooseFolder, channels.takePaths]) ipcMain.removeHandler(channel)
  }
}

/** Only the top frame of our own window, showing our own page, is answered. */
function isFromWindow(event: IpcMainInvokeEvent, window: BrowserWindow | null): boolean {
  const frame = event.senderFrame
  return (
    window !== null && event.sender === window.webContents && frame !== null && frame === event.sender.mainFrame && isOwnPage(frame.url)
  )
}
