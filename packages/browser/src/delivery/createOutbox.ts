import type { Step } from '@waybill/trail'
import type { LeftBehind } from '../session/createTabRecords.ts'
import type { Entry } from '../actions/Entry.ts'
import { unsentSteps } from './unsentSteps.ts'
import type { StepSource } from './unsentSteps.ts'

/** What is still to be delivered, in batches: this tab's actions first, then those of tabs that are gone. */
export function createOutbox({ source, entries, changed, leftBehind }: OutboxOptions): Outbox {
  function batchOf(actions: readonly Entry[], limit: number, skip: ReadonlySet<string>, done: Done): Batch | undefined {
    const all = actions
      .flatMap((entry) => unsentSteps(entry, source).map((each) => ({ ...each, entry })))
      .filter(({ step }) => !skip.has(step.id))
    const unsent = all.slice(0, limit)
    if (unsent.length === 0) return undefined
    return {
      steps: unsent.map(({ step }) => step),
      hasMore: all.length > limit,
      acknowledge() {
        for (const { acknowledge } of unsent) acknowledge()
        done(new Set(unsent.map(({ entry }) => entry)))
      },
    }
  }

  return {
    next(limit, skip) {
      const own = batchOf(entries(), limit, skip, (touched) => touched.forEach((entry) => changed(entry)))
      if (own) return own
      for (const { actions, save } of leftBehind()) {
        const left = batchOf(actions, limit, skip, save)
        // There may be another such tab.
        if (left) return { ...left, hasMore: true }
      }
      return undefined
    },
  }
}

export interface Outbox {
  /** At most `limit` steps, without those whose id is in `skip`. */
  next(limit: number, skip: ReadonlySet<string>): Batch | undefined
}

export interface Batch {
  readonly steps: readonly Step[]
  /** Whether it is worth asking for the next at once; what comes meanwhile waits for its own time. */
  readonly hasMore: boolean
  acknowledge(): void
}

export interface OutboxOptions {
  readonly source: StepSource
  readonly entries: () => readonly Entry[]
  readonly changed: (entry: Entry) => void
  readonly leftBehind: () => readonly LeftBehind[]
}

type Done = (touched: ReadonlySet<Entry>) => void
