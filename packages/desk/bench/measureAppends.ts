import { encodeOtlp } from '@waybill/trail'
import { createWriter } from '../src/writer/createWriter.ts'
import { createActions } from './createActions.ts'
import { timeAppends } from './fillStore.ts'
import type { Measure } from './Measure.ts'
import type { Engine } from './Place.ts'
import { sealAction } from './sealAction.ts'

/**
 * How fast each engine takes groups of 500 steps, 50 trails of 10, that many senders have under way at once, in the thread that asks; and the same as bodies, parsed and
 * sealed first. Engines take turns, so that what else the machine does falls on all alike; each round has a new store.
 */
export async function measureAppends(engines: readonly Engine[], { rounds, steps }: AppendOptions): Promise<Measure[]> {
  const values = engines.map(({ name }) => ({ name, steps: [] as number[], bodies: [] as number[] }))
  for (let round = 0; round < rounds; round++)
    for (const [index, engine] of engines.entries()) {
      const place = await engine.make()
      const { store, takeBody } = createWriter({ ...place.desk, identity: {}, now: Date.now, waitingSteps: 50_000 })
      try {
        await timeAppends(store, makeGroups(20, store.secret))
        let ms = 0
        let done = 0
        for (; done < steps; done += AT_ONCE * GROUP) ms += await timeAppends(store, makeGroups(AT_ONCE, store.secret))
        values[index]!.steps.push((done / ms) * 1000)
        let bodiesMs = 0
        let bodies = 0
        for (; bodies < steps / 2; bodies += AT_ONCE * GROUP) {
          const made = makeBodies(AT_ONCE)
          const begun = performance.now()
          const answers = await Promise.all(
            made.map((bytes) => takeBody({ bytes, encoding: 'json', signal: 'traces', claimed: false })),
          )
          bodiesMs += performance.now() - begun
          if (answers.some((answer) => answer.outcome !== 'taken' || answer.rejected > 0))
            throw new Error('A body was not taken whole.')
        }
        values[index]!.bodies.push((bodies / bodiesMs) * 1000)
      } finally {
        await store.stop()
        await place.remove()
      }
    }
  return values.flatMap(({ name: engine, steps, bodies }) => [
    { section: 'append', name: IN_PROCESS, unit: 'steps/s', engine, values: steps },
    { section: 'append', name: 'bodies of 500 steps, in process', unit: 'steps/s', engine, values: bodies },
  ])
}

export const IN_PROCESS = 'groups of 500 steps, in process'

export interface AppendOptions {
  readonly rounds: number
  /** Of a round. */
  readonly steps: number
}

const makeAction = createActions()

function makeGroups(count: number, secret: Uint8Array) {
  const now = Date.now()
  return Array.from({ length: count }, () =>
    Array.from({ length: 50 }, () => sealAction(makeAction(now - 5000), { secret, now }).slice(0, 10)).flat(),
  )
}

/** As servers send them. */
export function makeBodies(count: number): Buffer[] {
  const now = Date.now()
  return Array.from({ length: count }, () => {
    const steps = Array.from({ length: 50 }, () => {
      const { browser, api, worker } = makeAction(now - 5000)
      return [...browser, ...api, ...worker].slice(0, 10)
    })
    return Buffer.from(JSON.stringify(encodeOtlp(steps.flat())))
  })
}

const GROUP = 500
const AT_ONCE = 40
