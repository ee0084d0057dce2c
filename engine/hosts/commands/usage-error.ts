/** Words that parse and still ask for what does not exist: exit status 2, no Problem. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
