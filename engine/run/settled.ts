/**
 * As Promise.all, but comes back only when each of `promises` has ended, with the first failure in their order: who cleans up after
 * the failure then races with nothing that is still on its way.
 */
export async function allEnded<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const ends = await Promise.allSettled(promises)
  return ends.map((end) => {
    if (end.status === 'rejected') throw end.reason
    return end.value
  })
}
