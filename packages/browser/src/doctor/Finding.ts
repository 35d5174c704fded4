/** What keeps references from arriving, and what to do about it. */
export interface Finding {
  readonly cause: string
  readonly origin: string
  /** What happened, why it matters, what to do. */
  readonly message: string
}
