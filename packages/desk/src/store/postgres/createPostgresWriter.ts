import type { Pool } from 'pg'
import { byTrail } from '../admission/byTrail.ts'
import { createAdmission } from '../admission/createAdmission.ts'
import type { AdmissionOptions } from '../admission/createAdmission.ts'
import type { Appended } from '../Store.ts'
import type { StoredStep } from '../StoredStep.ts'
import { createTrailTurns } from './createTrailTurns.ts'
import { inPostgresTransaction } from './inPostgresTransaction.ts'
import type { PostgresDays } from './postgresDays.ts'
import { writeTrails } from './writeTrails.ts'

/** Writes groups of steps in one transaction: all are durable once the promise is fulfilled, or none is and it rejects. */
export function createPostgresWriter(pool: Pool, { now, days, ...limits }: PostgresWriterOptions) {
  const admission = createAdmission(limits)
  const inTurn = createTrailTurns()

  return async (groups: readonly (readonly StoredStep[])[]): Promise<Appended[]> => {
    const hour = Math.floor(now() / HOUR_MS)
    const { trails, answersTo } = byTrail(groups)
    const arriving = Array.from(trails, ([reference, { steps }]) => ({ reference, steps, hour }))
    return await inTurn([...trails.keys()], () =>
      days.holding([hour], () =>
        inPostgresTransaction(pool, async (client) => answersTo(await writeTrails(client, { admission, arriving }))),
      ),
    )
  }
}

export interface PostgresWriterOptions extends AdmissionOptions {
  readonly now: () => number
  readonly days: PostgresDays
}

const HOUR_MS = 3_600_000
