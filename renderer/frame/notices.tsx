import { CloudOff } from 'lucide-react'
import { useEffect } from 'react'
import { useDesk, useMirror } from '../desk.ts'
import { Button } from '../parts/button.tsx'
import { ProblemCard } from '../parts/problem-card.tsx'
import { useRemedies } from '../remedies.ts'

/** How long a toast stays. */
const toastMs = 8000

/** What the window says above a room: a lost engine, a Problem, the last thing that can be undone. */
export function Notices() {
  const linkUp = useMirror((state) => state.linkUp)
  const problem = useMirror((state) => state.problem)
  const { intents } = useDesk()
  const remedies = useRemedies(problem)
  return (
    <>
      {!linkUp && (
        <p className="notice" role="status">
          <CloudOff size={16} aria-hidden /> The engine does not answer. Nothing is lost: this page goes on when it is back.
        </p>
      )}
      {problem && (
        <div className="notice-problem">
          <ProblemCard problem={problem} remedies={remedies} onClose={intents.closeProblem} />
        </div>
      )}
      <Toast />
    </>
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
          {toast.undo && (
            <Button tone="link" onClick={intents.undo} keys="Ctrl Z">
              Undo
            </Button>
          )}
        </div>
      )}
    </div>
  )
}
