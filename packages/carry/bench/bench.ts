// What carrying costs an await in Node, beside what others cost: npm run bench --workspace @waybill/carry -- --help
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildContender, CONTENDERS } from './buildContender.ts'
import type { Contender } from './buildContender.ts'
import type { Answer, Request, Work } from './contenderProcess.ts'

const WORKS: Readonly<Record<Work, string>> = {
  values: 'an await of a value',
  promises: 'an await of a promise',
  calls: 'an awaited call of a function with one await',
}
const TITLES: Readonly<Record<Contender, string>> = {
  native: 'native',
  carry: '@waybill/carry',
  idle: '  its shape, idle',
  lowered: 'generators (es2016)',
  zone: 'zone.js (es2016)',
  unctx: 'unctx',
  storage: 'AsyncLocalStorage',
}
/** Nanoseconds that carrying may add to an await while something is in force. */
const MOST = 15
const JUDGED: readonly Work[] = ['values', 'promises']

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '25' },
    count: { type: 'string', default: '100000' },
    only: { type: 'string', default: CONTENDERS.join() },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(`npm run bench --workspace @waybill/carry -- [--rounds 25] [--count 100000] [--only ${CONTENDERS.join()}]

  --rounds  of all contenders, in turns and in a new order each time. More rounds, less noise.
  --count   of awaits or calls in each measurement.
  --only    what to set beside native code and ours.

Each contender is a process of its own that says after every measurement whether it still had what was in force. Processor time is
measured, so that other programs do not count. Compare within one run only. Ends with 1 when ours adds more than ${MOST} ns to an await in force.`)
  process.exit()
}
const wanted = new Set(values.only.split(','))
const names = CONTENDERS.filter((name) => name === 'native' || name === 'carry' || wanted.has(name))
const rounds = Number(values.rounds)
const count = Number(values.count)

const children = new Map<Contender, ChildProcess>()
for (const name of names) {
  const url = `data:text/javascript,${encodeURIComponent(await buildContender(name))}`
  const child = fork(join(import.meta.dirname, 'contenderProcess.ts'), [name, url])
  await once(child, 'message')
  children.set(name, child)
}

/** By work and whether something is in force: what each contender took in each round. */
const columns = Object.keys(WORKS).flatMap((work) =>
  [false, true].map((isInForce) => ({ work: work as Work, isInForce, taken: new Map<Contender, number[]>() })),
)
const WARM_UP_ROUNDS = 3
for (let round = -WARM_UP_ROUNDS; round < rounds; round++)
  for (const { work, isInForce, taken } of columns)
    for (const name of names.toSorted(() => Math.random() - 0.5)) {
      const nanoseconds = await measure(name, { work, count, isInForce })
      if (round >= 0) taken.set(name, [...(taken.get(name) ?? []), nanoseconds])
    }
for (const child of children.values()) child.disconnect()

for (const { work, isInForce, taken } of columns) {
  console.log(`\n${WORKS[work]}, ${isInForce ? 'something' : 'nothing'} in force`)
  const native = taken.get('native')!
  for (const name of names) {
    const all = taken.get(name)!
    const added = all.map((each, round) => each - native[round]!)
    const cells = [
      TITLES[name].padEnd(22),
      `${medianOf(all).toFixed(1)} ns`.padStart(10),
      ...(name === 'native'
        ? []
        : [
            `${medianOf(all.map((each, round) => each / native[round]!)).toFixed(2)} × native`.padStart(16),
            addedIn(added),
          ]),
    ]
    console.log(cells.join(''))
  }
}
console.log()
for (const { work, taken } of columns.filter((column) => column.isInForce && JUDGED.includes(column.work))) {
  const added = medianOf(taken.get('carry')!.map((each, round) => each - taken.get('native')![round]!))
  const isOver = !(added <= MOST)
  if (isOver) process.exitCode = 1
  console.log(`${isOver ? 'over' : 'ok  '} ns added to ${WORKS[work]}: ${added.toFixed(1)} of ${MOST}`)
}

async function measure(name: Contender, request: Request): Promise<number> {
  const child = children.get(name)!
  child.send(request)
  const [{ nanoseconds, isRight }] = (await once(child, 'message')) as [Answer]
  // What does nothing is cheap. unctx also sees what an earlier measurement left behind.
  if (!isRight && (name === 'carry' || request.isInForce))
    throw new Error(`${TITLES[name]} saw something else than was in force: ${JSON.stringify(request)}`)
  return nanoseconds
}

/** The median of what was added in the same round, and its middle half. */
function addedIn(added: readonly number[]): string {
  const sorted = added.toSorted((a, b) => a - b)
  const at = (share: number): string => signed(sorted[Math.round(share * (sorted.length - 1))]!)
  return `${signed(medianOf(added))} ns (${at(0.25)} to ${at(0.75)})`.padStart(34)
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(1)}`
}

function medianOf(all: readonly number[]): number {
  const sorted = all.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
