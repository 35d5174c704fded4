import { randomInt } from 'node:crypto'
import type { Reference } from '@waybill/reference'
import { byTrail } from '../admission/byTrail.ts'
import { createAdmission } from '../admission/createAdmission.ts'
import type { Admitted, AdmissionOptions } from '../admission/createAdmission.ts'
import type { Appended } from '../Store.ts'
import type { StoredStep } from '../StoredStep.ts'
import { contentsOf, heldIn, ROW, STEP_COLUMNS, stepRow } from './clickHouseSteps.ts'
import type { ClickHouse } from './createClickHouse.ts'
import { createCounter } from './createCounter.ts'
import { createTrailIndex } from './createTrailIndex.ts'
import type { LiveTrail } from './createTrailIndex.ts'
import { dropAliases } from './dropAliases.ts'
import { inParts } from './inParts.ts'

/**
 * Writes groups of steps. ClickHouse has no transactions and no unique keys, so the order matters in which a group's rows are written: what leads to the steps, the
 * steps, and at last their trails. Whether a step was sent before is read from the steps alone. So wherever a group is cut off, its senders hear that it was not kept, and
 * when they send it again all of it is written: rows that are there already have the same keys, and count once. A new trail without its row is not there for
 * anybody.
 *
 * Of several desks each decides by what it read before, so what arrives in one trail through two of them at the same moment may exceed its caps by a
 * group.
 */
export function createClickHouseWriter(clickHouse: ClickHouse, { now, ...limits }: ClickHouseWriterOptions) {
  const admission = createAdmission(limits)
  const index = createTrailIndex(clickHouse)
  // Desks that see two trails first in the same millisecond seldom give them the same place.
  const nextPlace = createCounter(now, { perMs: 1024, step: DESKS, offset: randomInt(DESKS) })
  const nextSeq = createCounter(now, { perMs: 4096, step: 1, offset: 0 })
  let hasCaughtUp = false

  /** Places are not given again, wherever the clock was set since the desk last ran. */
  async function catchUp(): Promise<void> {
    if (hasCaughtUp) return
    const [row] = await clickHouse.rows('SELECT max(place) AS place FROM waybill_trail')
    nextPlace.notBefore(Number(row?.['place']))
    hasCaughtUp = true
  }

  async function write(changes: readonly TrailChange[], { hour, day }: { hour: number; day: number }): Promise<void> {
    const added = changes.flatMap(({ reference, place, added: fresh }) =>
      fresh.map((each) => ({ ...each, reference, place })),
    )
    const touched = changes.flatMap((change) => touch(change, { hour, day }))
    const evicted = changes.flatMap(({ reference, place, evicted: spans }) =>
      spans.map((span) => [day, reference, place, span]),
    )
    const aliases = added.flatMap(({ reference, place, aliases: each }) =>
      each.map(({ kind, value }) => [day, value, kind, reference, place]),
    )
    const seen = touched.map(({ hour: at, reference, place }) => [Math.floor(at / 24), at, reference, place])
    await clickHouse.insert('waybill_evicted', ['day', 'ref', 'place', 'span'], evicted)
    for (const change of changes) await drop(clickHouse, change)
    await Promise.all([
      clickHouse.insert('waybill_alias', ['day', 'value', 'kind', 'ref', 'place'], aliases),
      clickHouse.insert('waybill_seen', ['day', 'hour', 'ref', 'place'], seen),
    ])
    await clickHouse.insert(
      'waybill_step',
      STEP_COLUMNS,
      added.map(({ step, reference, place }) => stepRow(step, { day, reference, place, seq: nextSeq() })),
    )
    await clickHouse.insert(
      'waybill_trail',
      ['ref', 'place', 'hour', 'first_day', 'served'],
      touched.map((trail) => [trail.reference, trail.place, trail.hour, trail.firstDay, Number(trail.isServed)]),
    )
  }

  return async (groups: readonly (readonly StoredStep[])[]): Promise<Appended[]> => {
    const hour = Math.floor(now() / HOUR_MS)
    const { trails, answersTo } = byTrail(groups)
    await catchUp()
    const live = await index.of(trails.keys())
    const asked = live.references.map((reference) => ({
      reference,
      live: live.of(reference),
      questions: admission.questionsOf(trails.get(reference)!.steps),
    }))
    const held = await heldIn(clickHouse, asked)
    const refused = new Map<Reference, readonly boolean[]>()
    const changes: TrailChange[] = []
    for (const [reference, { steps }] of trails) {
      const { lastSeq, ...known } = held.get(reference) ?? NOTHING_HELD
      nextSeq.notBefore(lastSeq)
      const admitting = admission.admit<string>({ reference, ...known }, steps)
      const places = live.of(reference).map(({ place }) => place)
      let turn = admitting.next([])
      while (!turn.done) turn = admitting.next(await contentsOf(clickHouse, { reference, places }))
      refused.set(reference, turn.value.refused)
      const trail = live.get(reference)
      changes.push({ ...turn.value, reference, trail, place: trail?.place ?? nextPlace() })
    }
    await write(changes, { hour, day: Math.floor(hour / 24) })
    return answersTo(refused)
  }
}

export interface ClickHouseWriterOptions extends AdmissionOptions {
  readonly now: () => number
}

interface TrailChange extends Admitted<string> {
  readonly reference: Reference
  /** As it was before; undefined for a new one. */
  readonly trail: LiveTrail | undefined
  readonly place: number
}

const NOTHING_HELD = { steps: 0, claims: 0, aliases: [], evicted: [], lastSeq: 0 }
const HOUR_MS = 3_600_000
const DESKS = 16

async function drop(clickHouse: ClickHouse, { reference, droppedRows, droppedAliases }: TrailChange): Promise<void> {
  for (const rows of inParts(droppedRows, ({ length }) => length)) {
    await clickHouse.command(
      `DELETE FROM waybill_step WHERE ref = {reference:String} AND ${ROW} IN {rows:Array(String)}`,
      {
        reference,
        rows,
      },
    )
  }
  await dropAliases(clickHouse, { reference, aliases: droppedAliases, how: 'mask' })
}

/** The row that a trail gets, where it says something new. A trail of which nothing was taken is none. */
function touch(
  { reference, place, trail, added }: TrailChange,
  { hour, day }: { hour: number; day: number },
): LiveTrail[] {
  if (!trail && added.length === 0) return []
  const touched: LiveTrail = {
    reference,
    place,
    hour: Math.max(trail?.hour ?? hour, hour),
    firstDay: Math.min(trail?.firstDay ?? day, day),
    isServed: (trail?.isServed ?? false) || added.some(({ step }) => !step.claimed),
  }
  const isNew =
    touched.hour !== trail?.hour || touched.firstDay !== trail.firstDay || touched.isServed !== trail.isServed
  return isNew ? [touched] : []
}
