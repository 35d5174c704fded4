import { tellable } from '../actions/Entry.ts'
import type { Entry, Span } from '../actions/Entry.ts'

/** The back/forward cache brought this page back, and another has gone on with its action meanwhile. */
export function goOnFrom(entry: Entry, { rounds, calls, ...other }: Entry): void {
  for (const [mine, theirs] of [[entry.rounds, rounds] as [Span[], Span[]], [entry.calls, calls] as [Span[], Span[]]]) {
    for (const span of theirs) {
      const known = mine.find(({ id }) => id === span.id)
      if (!known) mine.push(span)
      // What has ended here is known best here.
      else if (tellable(known) < 2) Object.assign(known, span)
    }
  }
  Object.assign(entry, other, { facts: { ...other.facts, ...entry.facts } })
}
