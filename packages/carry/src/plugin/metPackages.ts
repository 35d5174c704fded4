import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { packageOf } from './createSourceFilter.ts'
import { fileOf } from './fileOf.ts'

/** Which of the named packages any of a build's modules is of: from `node_modules`, or linked from elsewhere, as a workspace's are. */
export function metPackages(ids: Iterable<string>, names: readonly string[]): ReadonlySet<string> {
  const met = new Set<string>()
  const ownFolders = new Set<string>()
  for (const id of ids) {
    const name = packageOf(fileOf(id))
    if (name !== undefined) met.add(name)
    else ownFolders.add(dirname(fileOf(id)))
  }
  if (names.some((name) => !met.has(name))) {
    const seen = new Map<string, string | undefined>()
    for (const folder of ownFolders) {
      const name = nameAbove(folder, seen)
      if (name !== undefined) met.add(name)
    }
  }
  return met
}

/** Of the nearest `package.json` that has a name. */
function nameAbove(folder: string, seen: Map<string, string | undefined>): string | undefined {
  if (seen.has(folder)) return seen.get(folder)
  const name = nameIn(folder) ?? (dirname(folder) === folder ? undefined : nameAbove(dirname(folder), seen))
  seen.set(folder, name)
  return name
}

function nameIn(folder: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: unknown }
    return typeof name === 'string' ? name : undefined
  } catch {
    return undefined
  }
}
