import { type BrowserWindow, Notification } from 'electron'
import type { RunState } from '../core/run/reduce.ts'
import type { Engine } from '../engine/engine.ts'
import { channels } from './channels.ts'
import { noticeOf, type Notice, taskbarProgress } from './notices.ts'

/** Tells the system what goes on: the bar on the taskbar, and a notification at the end of a run while the window is not in front. */
export function openShell(engine: Engine, window: () => BrowserWindow | null): () => void {
  const known = new Map<string, RunState['kind']>()
  return engine.subscribe((change) => {
    if (change.kind !== 'run') return
    const notice = noticeOf(known.get(change.run.runId), change.run)
    known.set(change.run.runId, change.run.state.kind)
    const open = window()
    open?.setProgressBar(taskbarProgress(change.run.state))
    if (notice && open && !open.isFocused()) void tell(engine, notice, open)
  })
}

async function tell(engine: Engine, notice: Notice, window: BrowserWindow): Promise<void> {
  const settings = await engine.handlers['app.settings']({})
  if (!settings.notifications || !Notification.isSupported()) return
  const shown = new Notification({ title: notice.title, body: notice.body })
  shown.on('click', () => goTo(window, notice.address))
  shown.show()
}

/** Brings the window to the front, at an address of the screens. */
export function goTo(window: BrowserWindow, address: string | null): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
  if (address !== null) window.webContents.send(channels.go, address)
}
