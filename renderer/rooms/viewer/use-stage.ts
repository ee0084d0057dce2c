import { type RefObject, useEffect, useState, useSyncExternalStore } from 'react'
import { firstReadout, type Readout } from './readout.ts'
import type { Stage, StageScene } from './stage.ts'

/** A stage in a box: its chunk (three and Spark) loads when the first scene is wanted. */
export function useStage(box: RefObject<HTMLDivElement | null>): Stage | null {
  const [stage, setStage] = useState<Stage | null>(null)
  useEffect(() => {
    let made: Stage | null = null
    let current = true
    const make = async () => {
      const { Stage: Made } = await import('./stage.ts')
      if (!current || !box.current) return
      made = new Made()
      made.mount(box.current)
      setStage(made)
    }
    void make()
    return () => {
      current = false
      made?.dispose()
      setStage(null)
    }
  }, [box])
  return stage
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
