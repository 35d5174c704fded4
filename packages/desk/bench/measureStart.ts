import { startDesk } from '@waybill/desk'
import type { Sample } from './fillStore.ts'
import { KEYS, TOKEN } from './measureMemory.ts'
import type { Measure } from './Measure.ts'
import type { Place } from './Place.ts'

/** From the start of a desk on a filled store to the answer to its first look-up. Node and the desk's modules are loaded before. */
export async function measureStart(place: Place, { samples, rounds }: StartOptions): Promise<Measure> {
  const values: number[] = []
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now()
    const desk = await startDesk({ ...place.desk, port: 0, ...KEYS })
    try {
      const { reference } = samples[round % samples.length]!
      const headers = { authorization: `Bearer ${TOKEN}` }
      const response = await fetch(`${desk.url}/api/trails/${reference}`, { headers })
      if (response.status !== 200) throw new Error(`The first look-up was answered with ${response.status}.`)
      await response.arrayBuffer()
      values.push((performance.now() - begun) / 1000)
    } finally {
      await desk.stop()
    }
  }
  return {
    section: 'start',
    name: 'start until the first look-up is answered',
    unit: 's',
    engine: place.engine,
    values,
  }
}

export interface StartOptions {
  readonly samples: readonly Sample[]
  readonly rounds: number
}
