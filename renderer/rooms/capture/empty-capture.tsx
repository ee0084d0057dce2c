import '../../styles/capture.css'
import { FolderOpen, ImageUp, Play } from 'lucide-react'
import { useDesk, useMirror } from '../../desk.ts'
import { Button } from '../../parts/button.tsx'

/** The first thing that anyone sees: one sentence, one place to drop on, two buttons. */
export function EmptyCapture() {
  const { intents } = useDesk()
  const info = useMirror((state) => state.info)
  const busy = useMirror((state) => state.busy)
  const sample = info?.sampleAvailable !== false
  return (
    <section className="empty-capture" aria-labelledby="empty-title">
      <div className="drop-area">
        <span className="empty-icon">
          <ImageUp size={26} strokeWidth={1.5} aria-hidden />
        </span>
        <h1 id="empty-title">Drop a folder of photos</h1>
        <p className="soft">Spaceport tells you whether it will become a scene before you pay or wait.</p>
        <div className="row drop-buttons">
          {sample && (
            <Button
              tone="primary"
              icon={Play}
              className="button-large"
              disabled={busy.has('sample')}
              onClick={() => void intents.openSample()}
            >
              Try the sample capture
            </Button>
          )}
          <Button
            tone={sample ? 'plain' : 'primary'}
            icon={FolderOpen}
            className="button-large"
            disabled={busy.has('open')}
            onClick={() => void intents.chooseFolder()}
          >
            Choose folder
          </Button>
        </div>
      </div>
      <DropNotes />
    </section>
  )
}

function DropNotes() {
  return (
    <ul className="drop-notes">
      <li>
        <b>Photos stay where they are.</b> Spaceport never changes, moves or deletes one.
      </li>
      <li>
        <b>Runs on this machine, free.</b> No account, no network.
      </li>
      <li>
        <b>Scenes open here too:</b> .ply .compressed.ply .splat .ksplat .spz .sog
      </li>
    </ul>
  )
}
