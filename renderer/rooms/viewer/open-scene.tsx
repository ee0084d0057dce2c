import { useRef, useState } from 'react'
import type { SceneCamera, SceneFacts } from '../../../core/scene/scene.ts'
import { useDesk } from '../../desk.ts'
import { bytes, count } from '../../format.ts'
import { Badge } from '../../parts/chip.tsx'
import { Beside, DrawerButton, useDrawer } from '../../parts/drawer.tsx'
import { Num } from '../../parts/num.tsx'
import { FilmStrip } from './film-strip.tsx'
import { MeasureBar } from './measure-bar.tsx'
import { PhotoBar } from './photo-bar.tsx'
import { PhotoOver } from './photo-over.tsx'
import type { Readout } from './readout.ts'
import { ScenePanel } from './scene-panel.tsx'
import type { Stage } from './stage.ts'
import { StageBox } from './stage-box.tsx'
import { StageStatus } from './stage-status.tsx'
import { ToolRail } from './tool-rail.tsx'
import { useReadout, useShown, useStage } from './use-stage.ts'
import { useStageKeys } from './use-stage-keys.ts'

/** The stage with its tools, the photos beneath it and the facts beside it. */
export function OpenScene({ facts, captureId }: { readonly facts: SceneFacts | null; readonly captureId: string | null }) {
  const { url } = useDesk()
  const box = useRef<HTMLDivElement>(null)
  const { stage, again } = useStage(box)
  const drawer = useDrawer()
  const readout = useReadout(stage)
  useShown(stage, facts && { scene: facts.scene, address: url(facts.scene.url), facts }, false)
  const [last, setLast] = useState<string | null>(null)
  const cameras = facts?.cameras ?? []
  const jump = (camera: SceneCamera) => {
    setLast(camera.file)
    stage?.enterPhoto(camera, readout.mix === 0 && last === null ? 0 : readout.mix)
  }
  const onKeyDown = useStageKeys(stage, readout, cameras, last, jump)
  return (
    <div className="viewer">
      <div className="viewer-main">
        <div className={`stage ${readout.mode === 'fly' ? 'stage-fly' : ''}`} data-theme="dark" data-state={readout.state}>
          <StageBox
            box={box}
            label={stageWords(facts, readout.gaussians)}
            onKeyDown={onKeyDown}
            onKeyUp={(event) => stage?.releaseKey(event.nativeEvent)}
            onClick={({ nativeEvent }) => pick(stage, readout, nativeEvent, jump)}
          />
          <Overlays facts={facts} stage={stage} readout={readout} last={last} onJump={jump} />
          {drawer.narrow && (
            <div className="stage-details">
              <DrawerButton drawer={drawer} />
            </div>
          )}
          <StageStatus readout={readout} again={again} />
        </div>
        {cameras.length > 0 && <FilmStrip captureId={captureId} cameras={cameras} current={readout.photo} onJump={jump} />}
      </div>
      <Beside drawer={drawer}>
        <ScenePanel facts={facts} stage={stage} readout={readout} />
      </Beside>
    </div>
  )
}

type OverProps = {
  readonly facts: SceneFacts | null
  readonly stage: Stage | null
  readonly readout: Readout
  readonly last: string | null
  readonly onJump: (camera: SceneCamera) => void
}

/** What lies over the stage: photo, title, tools, measuring, the photo's bar. */
function Overlays({ facts, stage, readout, last, onJump }: OverProps) {
  const cameras = facts?.cameras ?? []
  return (
    <>
      <PhotoOver readout={readout} cameras={cameras} />
      <SceneTitle facts={facts} gaussians={readout.gaussians} />
      <ToolRail stage={stage} readout={readout} hasCameras={cameras.length > 0} />
      <MeasureBar stage={stage} readout={readout} metric={facts?.metric ?? false} />
      <PhotoBar stage={stage} readout={readout} cameras={cameras} last={last} onJump={onJump} />
    </>
  )
}

/** A click measures while the ruler is out, else it goes to the photo whose camera it hits. */
function pick(stage: Stage | null, readout: Readout, { offsetX, offsetY }: MouseEvent, jump: (camera: SceneCamera) => void): void {
  if (readout.ruler !== null) return stage?.measureAt(offsetX, offsetY)
  const camera = stage?.photoAt(offsetX, offsetY)
  if (camera) jump(camera)
}

function stageWords(facts: SceneFacts | null, gaussians: number | null): string {
  if (!facts) return 'Scene, loading'
  return `Scene ${facts.scene.name}${gaussians === null ? '' : `, ${count(gaussians)} gaussians`}, ${count(facts.cameras.length)} photo cameras`
}

function SceneTitle({ facts, gaussians }: { readonly facts: SceneFacts | null; readonly gaussians: number | null }) {
  if (!facts) return <h1 className="only-read">Scene</h1>
  return (
    <div className="stage-title stage-float">
      <h1 data-source="scene file">{facts.scene.name}</h1>
      <Num value={bytes(facts.scene.bytes)} source="scene file" className="soft" />
      <span className="soft">
        <Num value={gaussians === null ? null : count(gaussians)} source="decoded scene" why="the scene is not decoded yet" /> gaussians
      </span>
      {facts.metric ? <Badge tone="ok">metric, scale from GPS</Badge> : <Badge tone="idle">units, not metres</Badge>}
    </div>
  )
}
