import type { KeyboardEvent } from 'react'
import type { SceneCamera } from '../../../core/scene/scene.ts'
import type { Readout } from './readout.ts'
import type { Stage } from './stage.ts'

/** The keys of the focused stage, as shared/screens.md lists them. */
export function useStageKeys(
  stage: Stage | null,
  readout: Readout,
  cameras: readonly SceneCamera[],
  last: string | null,
  jump: (camera: SceneCamera) => void,
) {
  const step = (by: number) => {
    const at = cameras.findIndex((one) => one.file === (readout.photo ?? last))
    const next = cameras[(at + by + cameras.length) % cameras.length]
    if (next) jump(next)
  }
  const flip = () => {
    if (readout.photo === null) step(last === null ? 1 : 0)
    stage?.setMix(readout.mix > 0.5 ? 0 : 1)
  }
  const acts: Readonly<Record<string, () => void>> = {
    o: () => stage?.setMode('orbit'),
    v: () => stage?.setMode('fly'),
    f: () => stage?.frame(),
    r: () => stage?.reset(),
    c: () => stage?.setShowCameras(!readout.showCameras),
    '.': () => step(1),
    ',': () => step(-1),
    ' ': flip,
    m: () => stage?.setMeasuring(readout.ruler === null),
    ...(readout.ruler === null ? {} : { Enter: () => stage?.measureAhead() }),
    Escape: () => (readout.ruler === null ? stage?.leavePhoto() : stage?.setMeasuring(false)),
  }
  return (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const act = acts[event.key]
    if (act) act()
    else if (!stage?.pressKey(event.nativeEvent)) return
    event.preventDefault()
  }
}
