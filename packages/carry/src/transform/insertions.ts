import type { Placed } from './findFunctions.ts'

/** What is put into a source, and where. Nothing of the source is taken away. */
export interface Insertions {
  /** Before a node, and before what is put in front of the nodes within it. */
  before(placed: Placed, text: string, place?: number): void
  /** After a node, and after what is put behind the nodes within it. */
  after(placed: Placed, text: string, place?: number): void
  /** One text for each place, in the order of the source. */
  texts(): readonly (readonly [place: number, text: string])[]
}

export function createInsertions(): Insertions {
  const all: { readonly place: number; readonly rank: number; readonly text: string }[] = []
  return {
    // What ends at a place comes before what begins there; of two that end, the inner first; of two that begin, the outer.
    before: ({ node, order }, text, place = node.start) => void all.push({ place, rank: order, text }),
    after: ({ node, order }, text, place = node.end) => void all.push({ place, rank: -order, text }),
    texts() {
      const texts = new Map<number, string>()
      for (const { place, text } of all.toSorted((a, b) => a.place - b.place || a.rank - b.rank)) {
        texts.set(place, (texts.get(place) ?? '') + text)
      }
      return [...texts]
    },
  }
}
