import type { SparkRenderer } from '@sparkjsdev/spark'

/** Whether the next frame holds splats: they are drawn back to front, and the first order comes from a worker. */
export function isSorted(spark: SparkRenderer | null): boolean {
  if (!spark) return false
  return spark.activeSplats > 0 || (spark.lastSortTime > 0 && !spark.sorting && !spark.sortDirty)
}

/**
 * Calls once the graphics card has drawn what it was given until now: giving it the work is not seeing it, least of all in
 * software. Returns how to stop waiting.
 */
export function whenDrawn(gl: WebGL2RenderingContext, tell: () => void): () => void {
  const drawn = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0)
  gl.flush()
  let frame = 0
  const look = () => {
    if (drawn && gl.getSyncParameter(drawn, gl.SYNC_STATUS) !== gl.SIGNALED) frame = requestAnimationFrame(look)
    else tell()
  }
  frame = requestAnimationFrame(look)
  return () => cancelAnimationFrame(frame)
}
