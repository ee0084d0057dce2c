import { newestRun } from '../capture-words.ts'
import type { Intents } from '../desk.ts'
import { type MirrorState, valueOf } from '../mirror-state.ts'
import { captureAtHand } from '../at-hand.ts'
import { captureOf } from '../place.ts'
import { isUnderWay } from '../rooms/run/transfer-words.ts'
import { noHistory } from '../undo-history.ts'

/** Something that can be wanted by name. `why`: the reason that it cannot be done now. */
export type Command = {
  readonly id: string
  readonly words: string
  readonly keys?: string
  readonly why: string | null
  readonly act: () => void
}

/** Every command of the window as things stand; those that cannot be done stay listed with the reason. */
export function commandsOf(state: MirrorState, intents: Intents): readonly Command[] {
  return [...goingCommands(state, intents), ...captureCommands(state, intents), ...windowCommands(state, intents)]
}

const noCapture = 'no capture is open: choose one in the library'

function openCapture(state: MirrorState) {
  const capture = valueOf(state.captures)?.get(captureAtHand(state) ?? '') ?? null
  return { capture, run: capture ? newestRun(capture, state.runs) : null }
}

function goingCommands(state: MirrorState, { go, ...intents }: Intents): readonly Command[] {
  const { capture, run } = openCapture(state)
  const captureId = capture?.captureId ?? ''
  const runId = run?.runId ?? null
  const why = capture ? null : noCapture
  return [
    { id: 'new', words: 'New capture', keys: 'Ctrl N', why: null, act: intents.newCapture },
    { id: 'folder', words: 'Choose a folder of photos', why: null, act: () => void intents.chooseFolder() },
    { id: 'sample', words: 'Try the sample capture', why: null, act: () => void intents.openSample() },
    { id: 'photos', words: 'Photos of this capture', keys: 'Ctrl 1', why, act: () => go({ room: 'capture', captureId }) },
    { id: 'run', words: 'Run of this capture', keys: 'Ctrl 2', why, act: () => go({ room: 'run', captureId, runId }) },
    { id: 'scene', words: 'Scene of this capture', keys: 'Ctrl 3', why, act: () => go({ room: 'scene', captureId, runId, path: null }) },
    { id: 'library', words: 'Library', keys: 'Ctrl 4', why: null, act: () => go({ room: 'library' }) },
    { id: 'settings', words: 'Settings', keys: 'Ctrl ,', why: null, act: () => go({ room: 'settings', section: 'general' }) },
    { id: 'machine', words: 'Settings: this machine', why: null, act: () => go({ room: 'settings', section: 'machine' }) },
    { id: 'accounts', words: 'Settings: cloud accounts', why: null, act: () => go({ room: 'settings', section: 'accounts' }) },
    { id: 'transfers', words: 'Settings: transfers', why: null, act: () => go({ room: 'settings', section: 'transfers' }) },
    { id: 'storage', words: 'Settings: storage', why: null, act: () => go({ room: 'settings', section: 'storage' }) },
    { id: 'about', words: 'About Spaceport', why: null, act: () => go({ room: 'settings', section: 'about' }) },
    { id: 'back', words: 'Back', keys: 'Alt ←', why: null, act: intents.back },
    { id: 'forward', words: 'Forward', keys: 'Alt →', why: null, act: intents.forward },
  ]
}

function captureCommands(state: MirrorState, intents: Intents): readonly Command[] {
  const { capture, run } = openCapture(state)
  const captureId = capture?.captureId ?? ''
  const why = capture ? null : noCapture
  const scanning = capture?.scan.kind === 'scanning'
  const alive = run?.state.kind === 'running' || run?.state.kind === 'queued'
  return [
    { id: 'rename', words: 'Rename capture', keys: 'F2', why, act: () => intents.showDialog('rename') },
    { id: 'set-up', words: 'Set up a run', why: scanning ? 'its photos are being read' : why, act: () => intents.setUp(captureId) },
    {
      id: 'stop',
      words: 'Stop the run',
      keys: 'Ctrl .',
      why: alive ? null : 'nothing runs in this capture',
      act: () => {
        if (run) intents.go({ room: 'run', captureId, runId: run.runId })
        // The room's arrival closes what was open before it.
        setTimeout(() => intents.showDialog('stop'))
      },
    },
    holdCommand(state, captureId, intents),
    { id: 'rescan', words: 'Read the folder again', why: scanning ? 'it is being read' : why, act: () => void intents.rescan(captureId) },
    {
      id: 'stop-scan',
      words: 'Stop scan (keeps what was read)',
      why: scanning ? null : 'nothing is being read',
      act: () => void intents.stopScan(captureId),
    },
    { id: 'remove', words: 'Delete capture (photos stay)', why, act: () => void intents.remove(captureId) },
  ]
}

/** Pauses what is being sent of the open capture, or lets it go on. */
function holdCommand({ transfers }: MirrorState, captureId: string, intents: Intents): Command {
  const own = [...transfers.values()].filter((one) => one.captureId === captureId && isUnderWay(one.ledger))
  const moving = own.filter(({ ledger }) => ledger.state !== 'held' || ledger.heldBy === 'offline')
  return {
    id: 'hold-transfer',
    words: own.length > 0 && moving.length === 0 ? 'Resume sending the photos' : 'Pause sending the photos',
    keys: 'P',
    why: own.length > 0 ? null : 'no photos of this capture are being sent',
    act: () => {
      for (const { transferId } of moving.length > 0 ? moving : own)
        void (moving.length > 0 ? intents.pauseTransfer(transferId) : intents.resumeTransfer(transferId))
    },
  }
}

function windowCommands(state: MirrorState, intents: Intents): readonly Command[] {
  const { past, future } = state.histories.get(captureOf(state.place) ?? '') ?? noHistory
  const [last, next] = [past.at(-1), future.at(-1)]
  const theme = (value: 'system' | 'dark' | 'light', words: string): Command => ({
    id: `theme-${value}`,
    words,
    why: state.settings === null ? 'the settings are not read yet' : state.settings.theme === value ? 'it is so already' : null,
    act: () => void (state.settings && intents.saveSettings({ ...state.settings, theme: value })),
  })
  return [
    {
      id: 'undo',
      words: last ? `Undo: ${last.words}` : 'Undo',
      keys: 'Ctrl Z',
      why: last || state.toast?.act ? null : 'nothing to undo',
      act: intents.undo,
    },
    {
      id: 'redo',
      words: next ? `Redo: ${next.words}` : 'Redo',
      keys: 'Ctrl Shift Z',
      why: next ? null : 'nothing to redo',
      act: intents.redo,
    },
    theme('dark', 'Theme: dark'),
    theme('light', 'Theme: light'),
    theme('system', 'Theme: as the system'),
    { id: 'keys', words: 'Keys of this room', keys: '?', why: null, act: () => intents.showDialog('shortcuts') },
  ]
}
