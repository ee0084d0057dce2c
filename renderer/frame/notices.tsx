import { CloudOff } from 'lucide-react'
import { useEffect } from 'react'
import type { Link } from '../change-link.ts'
import { useDesk, useMirror } from '../desk.ts'
import { clockTime } from '../format.ts'
import { Button } from '../parts/button.tsx'
import { ProblemCard } from '../parts/problem-card.tsx'
import { useRemedies } from '../remedies.ts'

/** How long a toast stays. */
const toastMs = 8000

/** What the window says above a room: a lost engine, a Problem, the last thing that can be undone. */
export function Notices() {
  const problem = useMirror((state) => state.problem)
  const { intents } = useDesk()
  const remedies = useRemedies(problem)
  return (
    <>
      <LostLink />
      {problem && (
        <div className="notice-problem">
          <ProblemCard problem={problem} remedies={remedies} onClose={intents.closeProblem} />
        </div>
      )}
      <Toast />
    </>
  )
}

function LostLink() {
  const link = useMirror((state) => state.link)
  const { intents } = useDesk()
  return <LinkNotice link={link} onReconnect={intents.reconnect} />
}

/** Says that the engine cannot be heard, and tries again when asked. */
export function LinkNotice({ link, onReconnect }: { readonly link: Link; readonly onReconnect: () => void }) {
  if (link.kind === 'up') return null
  return (
    <div className="notice" role="alert">
      <CloudOff size={16} aria-hidden />
      <span className="grow" data-source="stream of changes">
        {link.kind === 'lost'
          ? `The engine has not answered since ${clockTime(link.since)}. Nothing is lost: this page goes on when it is back.`
          : 'The engine was started anew and does not know this page. Open the address that it printed once, in any tab: this page then goes on.'}
      </span>
      <Button small onClick={onReconnect}>
        Reconnect
      </Button>
    </div>
  )
}

function Toast() {
  const toast = useMirror((state) => state.toast)
  const { intents } = useDesk()
  useEffect(() => {
    if (!toast) return undefined
    const timer = setTimeout(intents.closeToast, toastMs)
    return () => clearTimeout(timer)
  }, [toast, intents])
  return (
    <div className="toast-place" role="status">
      {toast && (
        <div className="toast" key={toast.id}>
          <span>{toast.text}</span>
          {toast.act && (
            <Button
              tone="link"
              keys={toast.act.word === 'Undo' ? 'Ctrl Z' : 'Ctrl Shift Z'}
              onClick={() => {
                intents.closeToast()
                toast.act?.run()
              }}
            >
              {toast.act.word}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}
