import type { Step } from '@waybill/trail'

/**
 * The machines that told the steps, in the order met: each service, and each customer's device. A service that runs many times may have as
 * many clocks; where those differ, what is known of them contradicts itself, and then none is believed.
 */
export function machinesOf(steps: readonly Step[]): Machines {
  const byId = new Map(steps.map((step) => [step.id, step]))
  const sessions = new Map<Step, string>()
  const numbers = new Map<string, number>()
  const machines: Machine[] = []
  const machineOf = new Map<Step, number>()
  for (const step of steps) {
    const { service } = step
    const isDevice = isOfDevice(step)
    const key = JSON.stringify([service, isDevice && sessionOf(step, { byId, sessions })])
    const number = numbers.get(key) ?? machines.length
    if (number === machines.length) {
      numbers.set(key, number)
      machines.push({ service, isDevice })
    }
    machineOf.set(step, number)
  }
  return { machines, machineOf }
}

export interface Machines {
  readonly machines: readonly Machine[]
  /** Places in `machines`. */
  readonly machineOf: ReadonlyMap<Step, number>
}

export interface Machine {
  readonly service: string
  /** Whether it is a customer's: what it tells is a claim. */
  readonly isDevice: boolean
}

function isOfDevice({ claimed, hop }: Step): boolean {
  return claimed === true || hop === 'browser'
}

/** A call says of which action it is, and that of which session. A stranger's device, which knows the session of no other, is apart. */
function sessionOf(step: Step, { byId, sessions }: Claims): string {
  const path: Step[] = []
  let session = ''
  for (let each: Step | undefined = step; each && isOfDevice(each) && path.length < LONGEST_CHAIN;) {
    path.push(each)
    session = sessions.get(each) ?? each.session ?? ''
    if (session) break
    each = byId.get(each.parentId ?? '')
  }
  for (const each of path) sessions.set(each, session)
  return session
}

interface Claims {
  readonly byId: ReadonlyMap<string, Step>
  /** Those found already. */
  readonly sessions: Map<Step, string>
}

/** A call, its action, and attempts at that before it. Only bad input has more, or a circle. */
const LONGEST_CHAIN = 20
