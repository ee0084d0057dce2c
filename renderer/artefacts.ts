/** Addresses of pictures and files that cross by bytes; the bridge's artefactUrl makes them loadable. */
export function thumbnailOf(sha256: string): string {
  return `thumb/${sha256}`
}

/** The larger picture of a photo for the inspector. */
export function pictureOf(captureId: string, sha256: string): string {
  return `photo/${captureId}/${sha256}`
}

/** A view of a run's scene as its trainer rendered it, for lists. */
export function viewOf(runId: string): string {
  return `view/${runId}`
}

/** A file in a run's folder. */
export function runFile(runId: string, file: string): string {
  return `run/${runId}/${file}`
}
