import type { MigrationProgress, TrailCount, TrailRecord, TrailSource, TrailTarget } from './TrailRecord.ts'

/**
 * Moves every trail of a source into a target. Killed at any time it goes on where it ended when it is called again, because the target keeps
 * the progress with the trails.
 */
export async function moveTrails({ source, target, onProgress = () => {} }: MoveTrailsOptions): Promise<TrailCount> {
  const { sourceId } = source
  const begun = await target.progress(sourceId)
  let done = begun?.done ?? { trails: 0, steps: 0 }
  let records: TrailRecord[] = []
  let steps = 0
  onProgress(done)

  async function move(): Promise<void> {
    const last = records.at(-1)
    if (!last) return
    done = { trails: done.trails + records.length, steps: done.steps + steps }
    const progress: MigrationProgress = { sourceId, cursor: last.cursor, done, base: begun?.base }
    await target.importTrails(records, progress)
    records = []
    steps = 0
    onProgress(done)
  }

  for await (const record of source.exportTrails({ after: begun?.cursor })) {
    records.push(record)
    steps += record.steps.length
    if (steps >= STEPS_AT_ONCE || records.length >= TRAILS_AT_ONCE) await move()
  }
  await move()
  await target.finish(sourceId)
  return done
}

export interface MoveTrailsOptions {
  readonly source: TrailSource
  readonly target: TrailTarget
  /** Hears what the target has taken in, also before this run. */
  readonly onProgress?: ((done: TrailCount) => void) | undefined
}

/** So many that their transaction is worth its wait for the disk, and so few that a trail in it is not long kept from a desk that runs on the target. */
const STEPS_AT_ONCE = 5000
const TRAILS_AT_ONCE = 1000
