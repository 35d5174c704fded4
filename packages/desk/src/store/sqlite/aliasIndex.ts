import { aliasesOf } from '../aliasesOf.ts'
import type { Alias } from '../aliasesOf.ts'
import type { StoredStep } from '../StoredStep.ts'

/** All that leads to a trail by these steps, by its value. */
export function aliasIndex(steps: readonly StoredStep[], namespace: string): AliasIndex {
  const index: AliasIndex = new Map()
  for (const step of steps) for (const alias of aliasesOf(step, { namespace })) addAlias(index, alias)
  return index
}

export type AliasIndex = Map<string, Alias[]>

/** Gives whether it was not there before. */
export function addAlias(index: AliasIndex, alias: Alias): boolean {
  const same = index.get(alias.value)
  if (same?.some(({ kind }) => kind === alias.kind)) return false
  if (same) same.push(alias)
  else index.set(alias.value, [alias])
  return true
}

export function aliasesIn(index: AliasIndex): Alias[] {
  return [...index.values()].flat()
}
