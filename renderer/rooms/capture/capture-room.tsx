import '../../styles/capture.css'
import { Group, Panel, Separator } from 'react-resizable-panels'
import { Images } from 'lucide-react'
import { useCallback } from 'react'
import { useDesk, useMirror } from '../../desk.ts'
import type { CaptureDetail, CaptureView } from '../../mirror-state.ts'
import { Drawer, useNarrow } from '../../parts/drawer.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { ProblemCard } from '../../parts/problem-card.tsx'
import { Waiting } from '../../parts/waiting.tsx'
import { useRemedies } from '../../remedies.ts'
import { Button } from '../../parts/button.tsx'
import { NoCapture } from '../../parts/no-capture.tsx'
import { ChartPane } from './chart-pane.tsx'
import { FindingsList } from './findings-list.tsx'
import { Inspector } from './inspector.tsx'
import { ReshootPanel } from './reshoot-panel.tsx'
import { PhotoPane } from './photo-pane.tsx'
import { type Lens, useLens, useView } from './use-capture.ts'
import { VerdictBanner } from './verdict-banner.tsx'

/** Photos: does this set become a scene, and what is missing? */
export function CaptureRoom({ captureId }: { readonly captureId: string }) {
  const loaded = useMirror((state) => state.details.get(captureId))
  const remedies = useRemedies(loaded?.kind === 'failed' ? loaded.problem : null)
  if (loaded?.kind === 'failed' && loaded.problem.code === 'capture/unknown') return <NoCapture room="Photos" />
  if (loaded?.kind === 'failed') {
    return (
      <div className="room-problem">
        <h1 className="only-read">Photos</h1>
        <ProblemCard problem={loaded.problem} remedies={remedies} />
      </div>
    )
  }
  if (loaded?.kind !== 'here') return <Waiting title="Photos" what="Opening the capture" />
  return <OpenCapture detail={loaded.value} />
}

function OpenCapture({ detail }: { readonly detail: CaptureDetail }) {
  const view = useView(detail.captureId)
  const lens = useLens(detail, view)
  // Before the folder was read to its end nobody knows what it holds.
  const nothing = detail.photos.length === 0 && detail.scan.kind === 'done'
  const isUnread = detail.photos.length === 0 && !nothing && detail.scan.kind !== 'scanning'
  return (
    <>
      <VerdictBanner
        detail={detail}
        view={view}
        positions={lens.plan.positions.length}
        isPlanned={lens.reshoot.whole.positions.length > 0}
      />
      {view.findingsOpen && <FindingsList detail={detail} view={view} />}
      {view.planOpen && lens.reshoot.whole.positions.length > 0 && <ReshootPanel detail={detail} lens={lens} />}
      {nothing ? <NoPhotos detail={detail} /> : isUnread ? null : <Panes detail={detail} view={view} lens={lens} />}
    </>
  )
}

type PaneProps = { readonly detail: CaptureDetail; readonly view: CaptureView; readonly lens: Lens }

/** Map, photos, inspector. In a narrow window the inspector lies over them while a photo is chosen. */
function Panes(props: PaneProps) {
  const { intents } = useDesk()
  const narrow = useNarrow()
  const { captureId } = props.detail
  const close = useCallback(() => intents.look(captureId, { photo: null }), [intents, captureId])
  return (
    <div className="capture-panes">
      <Group orientation="horizontal" key={String(narrow)}>
        <Panel id="chart" defaultSize="40%" minSize={300}>
          <ChartPane {...props} />
        </Panel>
        <Separator className="splitter" aria-label="Width of map and photos" />
        <Panel id="photos" minSize={280}>
          <PhotoPane {...props} />
        </Panel>
        {!narrow && (
          <>
            <Separator className="splitter" aria-label="Width of photos and inspector" />
            <Panel id="inspector" defaultSize={308} minSize={260} maxSize={520}>
              <Inspector {...props} />
            </Panel>
          </>
        )}
      </Group>
      {narrow && props.view.photo !== null && (
        <Drawer label="inspector" onClose={close}>
          <Inspector {...props} />
        </Drawer>
      )}
    </div>
  )
}

function NoPhotos({ detail }: { readonly detail: CaptureDetail }) {
  const { intents } = useDesk()
  const nothing = detail.findings.find(({ code }) => code === 'capture/empty')
  return (
    <EmptyState
      icon={Images}
      title={nothing?.what.replace(/\.$/, '') ?? 'No photos in this folder'}
      actions={
        <>
          <Button tone="primary" onClick={() => void intents.chooseFolder()}>
            Choose another folder
          </Button>
          <Button onClick={() => void intents.rescan(detail.captureId)}>Read it again</Button>
        </>
      }
    >
      {detail.skipped.length > 0 && 'The list above says why each was skipped. '}
      {nothing?.remedy ?? `${detail.folder} holds no file that is a photo.`}
    </EmptyState>
  )
}
