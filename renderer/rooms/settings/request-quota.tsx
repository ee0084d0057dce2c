import { useDesk, useMirror } from '../../desk.ts'
import { Button } from '../../parts/button.tsx'

/** Asks AWS for what a quota lacks: one machine of its kind. */
export function RequestQuota({ name, quota }: { readonly name: string; readonly quota: string }) {
  const { intents } = useDesk()
  const busy = useMirror((state) => state.busy.has(`target ${name}`))
  return (
    <Button small disabled={busy} onClick={() => void intents.requestQuota(name, quota)}>
      Request 1
    </Button>
  )
}
