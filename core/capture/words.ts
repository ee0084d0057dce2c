/** "1 photo", "7 photos". */
export function photos(count: number): string {
  return count === 1 ? '1 photo' : `${String(count).replace(/\B(?=(\d{3})+$)/g, ',')} photos`
}

/** "is" or "are", "has" or "have": the verb that goes with a count. */
export function verb(count: number, one: string, many: string): string {
  return count === 1 ? one : many
}

/** Names of a few files, with their folders (two may share a name); of many the first ones and the count of the rest. */
export function names(files: readonly string[], most = 3): string {
  const shown = files.slice(0, most)
  return files.length > most ? `${shown.join(', ')} and ${files.length - most} more` : shown.join(', ')
}
