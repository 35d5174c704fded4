// A process for each contender, because zone.js changes the page's Promise for good.
import { AsyncLocalStorage } from 'node:async_hooks'
import { createContext } from 'unctx'
import { carryPoint } from '../src/carryPoint.ts'
import type { Contender } from './buildContender.ts'

/** How a contender puts something in force, and what of it is seen. */
interface Way {
  within<T>(frame: object, fn: () => T): T
  look(): unknown
}

export interface Request {
  readonly work: Work
  readonly count: number
  readonly isInForce: boolean
}

export interface Answer {
  /** Each of what was counted. */
  readonly nanoseconds: number
  /** Whether what was in force was seen after the last await, and nothing else otherwise. */
  readonly isRight: boolean
}

export type Work = 'values' | 'promises' | 'calls'

type Works = Readonly<Record<Work, (count: number, look: () => unknown) => Promise<{ saw: unknown }>>>

const WAYS: Readonly<Record<Contender, () => Way | Promise<Way>>> = {
  native: () => ({ within: (_, fn) => fn(), look: () => undefined }),
  idle: () => ({ within: (_, fn) => fn(), look: () => undefined }),
  lowered: () => ({ within: (_, fn) => fn(), look: () => undefined }),
  carry() {
    const point = carryPoint()
    let held: object | undefined
    const look = (): unknown => (point.inForce ? point.inForce[index] : held)
    const index: number = point.sources.push(look) - 1
    return {
      look,
      within(frame, fn) {
        held = frame
        try {
          return fn()
        } finally {
          held = undefined
        }
      },
    }
  },
  async zone() {
    await import('zone.js')
    return {
      within: (frame, fn) => Zone.current.fork({ name: 'in force', properties: { frame } }).run(fn),
      look: () => Zone.current.get('frame'),
    }
  },
  unctx() {
    const context = createContext<object>()
    return {
      within: (frame, fn) => context.callAsync(frame, fn) as ReturnType<typeof fn>,
      look: () => context.tryUse() ?? undefined,
    }
  },
  storage() {
    const storage = new AsyncLocalStorage<object>()
    return { within: (frame, fn) => storage.run(frame, fn), look: () => storage.getStore() }
  },
}

const [name, url] = process.argv.slice(2) as [Contender, string]
const { within, look } = await WAYS[name]()
const works = (await import(url)) as Works

process.on('message', (request: Request) => {
  void measure(request).then((answer) => process.send!(answer))
})
process.send!('ready')

async function measure({ work, count, isInForce }: Request): Promise<Answer> {
  const frame = isInForce ? { name } : undefined
  const before = process.cpuUsage()
  const run = () => works[work](count, look)
  const { saw } = await (frame ? within(frame, run) : run())
  const { user, system } = process.cpuUsage(before)
  const canCarry = name !== 'native' && name !== 'idle' && name !== 'lowered'
  return { nanoseconds: ((user + system) * 1000) / count, isRight: !canCarry || saw === frame }
}
