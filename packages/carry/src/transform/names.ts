/** What each of the runtime's functions is called in a carried source; the first letters are those of its names there. */
export const RUNTIME = {
  n: 'enter',
  c: 'capture',
  o: 'suspend',
  b: 'resume',
  e: 'iterate',
  d: 'resumeFirst',
} as const

export type RuntimeFunction = keyof typeof RUNTIME

export interface Names {
  /** The variable that holds the activation. */
  readonly activation: string
  /** The name of a function of the runtime, which is then imported. */
  use(role: RuntimeFunction): string
  /** For a variable that nobody reads. Each is another. */
  unused(): string
  /** The functions of the runtime that are used, with their names. */
  used(): readonly { readonly imported: string; readonly local: string }[]
}

/**
 * None that occurs in the source, so that nothing is shadowed in it and nothing of it shadows ours. Where the source can look names up
 * as it runs (`eval`), none that it would look up, either.
 */
export function createNames(taken: ReadonlySet<string>, isDynamic: boolean): Names {
  let base = isDynamic ? '$waybillCarry' : '$'
  for (let index = 1; isTaken(base, taken); index++)
    base = `${isDynamic ? '$waybillCarry' : '$'}_${index > 1 ? index : ''}`
  const used = new Set<RuntimeFunction>()
  let unused = 0
  return {
    activation: base,
    use(role) {
      used.add(role)
      return base + role
    },
    unused: () => `${base}u${++unused}`,
    used: () => [...used].map((role) => ({ imported: RUNTIME[role], local: base + role })),
  }
}

function isTaken(base: string, taken: ReadonlySet<string>): boolean {
  for (const name of taken)
    if (name.startsWith(base) && /^(?:[nocbed]|u\d+)?$/.test(name.slice(base.length))) return true
  return false
}
