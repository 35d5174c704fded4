/**
 * The desk's database cannot be reached, or does not do what it is there for. Whoever asked should ask again later; whoever runs the desk reads why. The message
 * holds neither a password nor anything that somebody sent.
 */
export class DatabaseFault extends Error {
  override readonly name = 'DatabaseFault'
  /** Its mark, which is left of it where it crosses from one thread into another. */
  readonly fault = 'database'
}

/** Also for one that came from another thread. */
export function isDatabaseFault(error: unknown): error is Error {
  return error instanceof Error && 'fault' in error && error.fault === 'database'
}
