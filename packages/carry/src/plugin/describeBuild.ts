import { relative } from 'node:path'
import type { CarryRecord } from './carryModule.ts'
import { packageOf } from './createSourceFilter.ts'
import { fileOf } from './fileOf.ts'

/** What the build's log says of all modules, by their ids: how many functions carry, and which do not and why. */
export function describeBuild(records: ReadonlyMap<string, CarryRecord>, root: string): string {
  // Modules come in the order in which they were read, which is another in every build.
  const inOrder = [...records].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const modules = inOrder.map(([id, record]) => ({ file: fileOf(id), ...record }))
  const carrying = modules.filter(({ carried }) => carried > 0)
  const functions = sum(carrying.map(({ carried }) => carried))
  const files = new Set(carrying.map(({ file }) => file)).size
  const left = modules.flatMap(({ file, leftAlone }) => leftAlone.map((each) => ({ file, ...each })))
  const faulty = modules.filter(({ fault }) => fault !== undefined)
  const lowered = modules.filter(({ isLowered }) => isLowered)

  const parts = [
    functions === 0
      ? 'no function carries, as none that awaits was met'
      : `${plural(functions, 'function')} in ${plural(files, 'file')} ${functions === 1 ? 'carries' : 'carry'}${ofPackages(carrying)}`,
    left.length === 0 ? 'none left alone' : `${left.length} left alone: ${counted(left.map(({ reason }) => reason))}`,
    ...(faulty.length > 0 ? [`${plural(faulty.length, 'file')} could not be read`] : []),
    ...(lowered.length > 0
      ? [
          `${plural(lowered.length, 'file')} came with async functions compiled away before, by a target older than ES2017`,
        ]
      : []),
  ]
  const places = inOrder.flatMap(([id, record]) => describePlaces(id, record, root))
  const more = places.length - PLACES_SHOWN
  return [
    `[waybill] carry: ${parts.join('; ')}`,
    ...places.slice(0, PLACES_SHOWN).map((place) => `  ${place}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ].join('\n')
}

/** What of a module does not carry: a line each, with where it is and why. */
export function describePlaces(id: string, { leftAlone, fault, isLowered }: CarryRecord, root: string): string[] {
  const file = relative(root, fileOf(id)).replaceAll('\\', '/')
  return [
    ...leftAlone.map(({ line, name, reason }) => `${file}:${line} ${name ? `${name}: ` : ''}${reason}`),
    ...(fault === undefined ? [] : [`${file}: ${fault.split('\n')[0]}`]),
    ...(isLowered ? [`${file}: compiled away`] : []),
  ]
}

/** What is said of packages in `include` of which nothing was met: they are misspelt, or no longer used. */
export function describeUnmet(include: readonly string[], met: ReadonlySet<string>): string | undefined {
  const unmet = include.filter((name) => !met.has(name))
  if (unmet.length === 0) return undefined
  const names = unmet.map((name) => `'${name}'`).join(' and ')
  return `[waybill] carry: include names ${names}, of which this build has no function to carry. Check the name, or take it out.`
}

const PLACES_SHOWN = 5

/** ` (12 of ky)`, where packages are among them. */
function ofPackages(modules: readonly { readonly file: string; readonly carried: number }[]): string {
  const byPackage = new Map<string, number>()
  for (const { file, carried } of modules) {
    const name = packageOf(file)
    if (name !== undefined) byPackage.set(name, (byPackage.get(name) ?? 0) + carried)
  }
  const parts = [...byPackage]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, carried]) => `${carried} of ${name}`)
  return parts.length > 0 ? ` (${parts.join(', ')})` : ''
}

/** `await using (2), eval (1)`, the most frequent first. */
function counted(reasons: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${reason} (${count})`)
    .join(', ')
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
