import { tellable } from '../actions/Entry.ts'
import type { Entry } from '../actions/Entry.ts'

/** The back/forward cache brought this page back, and another has gone on with its action meanwhile. */
export function goOnFrom(entry: Entry, { spans, ...other }: Entry): void {
  for (const span of spans) {
    const known = entry.spans.find(({ id }) => id === span.id)
    if (!known) entry.spans.push(span)
    // What has ended here is known best here.
    else if (tellable(known) < 2) Object.assign(known, span)
  }
  Object.assign(entry, other, { facts: { ...other.facts, ...entry.facts } })
}
