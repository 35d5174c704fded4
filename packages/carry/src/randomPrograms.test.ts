import { setImmediate as nextTask } from 'node:timers/promises'
import { carrySource } from '@waybill/carry'
import { expect, it } from 'vitest'
import { makeFunction } from '../fixtures/makeFunction.ts'
import { randomProgram } from '../fixtures/randomProgram.ts'
import { seededRandom } from '../../browser/fixtures/seededRandom.ts'
import { runProgram } from '../fixtures/runProgram.ts'
import * as runtime from './runtime.ts'

const PROGRAMS = Number(process.env['WAYBILL_CARRY_PROGRAMS'] ?? 60)
const FIRST = Number(process.env['WAYBILL_CARRY_FIRST_PROGRAM'] ?? 1)

it(
  `does the same in the same ticks, and sees its own everywhere: ${PROGRAMS} random programs`,
  { timeout: 60_000 + PROGRAMS * 1000 },
  async () => {
    let events = 0
    let functions = 0
    using unhandled = hearUnhandledRejections()
    for (let seed = FIRST; seed < FIRST + PROGRAMS; seed++) {
      const program = randomProgram(seededRandom(seed))
      const carried = carrySource(program, { filename: 'program.cjs' })
      functions += carried?.carried ?? 0
      const native = await runProgram(makeFunction(['env'], program) as Start, seed)
      const unhandledNatively = await unhandled.take()
      const start = makeFunction(['require', 'env'], carried?.code ?? program)
      const after = await runProgram((env) => start(() => runtime, env) as ReturnType<Start>, seed)
      expect(after.events, `program ${seed}`).toEqual(native.events)
      expect(after.strays, `program ${seed}`).toEqual([])
      expect(await unhandled.take(), `program ${seed}`).toEqual(unhandledNatively)
      events += native.events.length
    }
    expect(functions).toBeGreaterThan(PROGRAMS)
    expect(events).toBeGreaterThan(PROGRAMS * 10)
  },
)

type Start = (env: object) => () => Promise<unknown>

/** Some programs do not wait for what fails. Takes the place of whoever would call that a fault of the test. */
function hearUnhandledRejections() {
  const others = process.listeners('unhandledRejection')
  let heard: unknown[] = []
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', (reason) => heard.push(reason))
  return {
    /** Those since the last time. */
    async take(): Promise<readonly string[]> {
      await nextTask()
      const taken = heard.map(String)
      heard = []
      return taken
    },
    [Symbol.dispose]() {
      process.removeAllListeners('unhandledRejection')
      for (const other of others) process.on('unhandledRejection', other)
    },
  }
}
