import { type RefObject, useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { firstReadout, type Readout } from './readout.ts'
import type { Stage, StageScene } from './stage.ts'
import type { Pose } from './viewpoint.ts'

/** A stage in a box: its chunk (three and Spark) loads when the first scene is wanted. `again` makes it anew, with the eye where it was. */
export function useStage(box: RefObject<HTMLDivElement | null>): { readonly stage: Stage | null; readonly again: () => void } {
  const [stage, setStage] = useState<Stage | null>(null)
  const [round, setRound] = useState(0)
  const pose = useRef<Pose | null>(null)
  useEffect(() => {
    let made: Stage | null = null
    let current = true
    const make = async () => {
      const { Stage: Made } = await import('./stage.ts')
      if (!current || !box.current) return
      made = new Made(round === 0 ? null : pose.current)
      made.mount(box.current)
      setStage(made)
    }
    void make()
    return () => {
      current = false
      made?.dispose()
      setStage(null)
    }
  }, [box, round])
  const again = useCallback(() => {
    pose.current = stage?.pose() ?? pose.current
    setRound((before) => before + 1)
  }, [stage])
  return { stage, again }
}

/** What a stage tells of itself now. */
export function useReadout(stage: Stage | null): Readout {
  return useSyncExternalStore(stage?.subscribe ?? neverTells, stage?.get ?? nothingYet)
}

/** Shows a scene on a stage, again whenever its address changes. */
export function useShown(stage: Stage | null, wanted: StageScene | null, keepCamera: boolean): void {
  const address = wanted?.address
  useEffect(() => {
    if (stage && wanted) void stage.show(wanted, keepCamera)
    // The address names the bytes: the same address never means another scene.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [stage, address])
}

function neverTells(): () => void {
  return () => undefined
}

function nothingYet(): Readout {
  return firstReadout
}
