import type { Reference } from '@waybill/reference'

/** Lets writes go on at once, but those of one trail in the order in which they came: a later one must not overtake a larger one on another connection. */
export function createTrailTurns(): TrailTurns {
  const last = new Map<Reference, Promise<void>>()
  return async (references, write) => {
    const earlier = new Set(references.flatMap((reference) => last.get(reference) ?? []))
    let end = (): void => {}
    const over = new Promise<void>((resolve) => (end = resolve))
    for (const reference of references) last.set(reference, over)
    try {
      await Promise.all(earlier)
      return await write()
    } finally {
      end()
      for (const reference of references) if (last.get(reference) === over) last.delete(reference)
    }
  }
}

export type TrailTurns = <Result>(references: readonly Reference[], write: () => Promise<Result>) => Promise<Result>
