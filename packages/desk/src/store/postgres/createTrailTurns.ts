import type { Reference } from '@waybill/reference'

/** Lets writes go on at once, but those of one trail in the order in which they came: a later one must not overtake a larger one on another connection. */
export function createTrailTurns(): TrailTurns {
  const last = new Map<Reference, Promise<void>>()
  return async (references, write) => {
    const earlier = new Set(references.map((reference) => last.get(reference)))
    const written = Promise.all(earlier).then(write)
    const over = written.then(
      () => {},
      () => {},
    )
    for (const reference of references) last.set(reference, over)
    try {
      return await written
    } finally {
      for (const reference of references) if (last.get(reference) === over) last.delete(reference)
    }
  }
}

export type TrailTurns = <Result>(references: readonly Reference[], write: () => Promise<Result>) => Promise<Result>
