/** A command line that cannot be understood, in words for the user. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
