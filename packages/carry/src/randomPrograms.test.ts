import { carrySource } from '@waybill/carry'
import { expect, it } from 'vitest'
import { makeFunction } from '../fixtures/makeFunction.ts'
import { randomProgram } from '../fixtures/randomProgram.ts'
import { createRandom } from '../fixtures/runCases.ts'
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
    for (let seed = FIRST; seed < FIRST + PROGRAMS; seed++) {
      const program = randomProgram(createRandom(seed))
      const carried = carrySource(program, { filename: 'program.cjs' })
      functions += carried?.carried ?? 0
      const native = await runProgram(makeFunction(['env'], program) as Start, seed)
      const start = makeFunction(['require', 'env'], carried?.code ?? program)
      const after = await runProgram((env) => start(() => runtime, env) as ReturnType<Start>, seed)
      expect(after.events, `program ${seed}`).toEqual(native.events)
      expect(after.strays, `program ${seed}`).toEqual([])
      events += native.events.length
    }
    expect(functions).toBeGreaterThan(PROGRAMS)
    expect(events).toBeGreaterThan(PROGRAMS * 10)
  },
)

type Start = (env: object) => () => Promise<unknown>
