import type { CarryOptions } from './CarryOptions.ts'

/** The options with their defaults. @throws TypeError of a wrong one, which says what to write instead. */
export function checkCarryOptions(options: CarryOptions = {}): CheckedCarryOptions {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw wrong(`takes an object, not ${shown(options)}`, `carry({ include: ['ky'] })`)
  }
  for (const name of Object.keys(options)) {
    if (!NAMES.has(name)) throw wrong(`has no option ${shown(name)}`, `include, exclude or log`)
  }
  const { include = [], exclude = [], log } = options
  for (const name of listOf('include', include, `include: ['ky']`)) checkPackageName(name)
  for (const pattern of listOf('exclude', exclude, `exclude: ['src/legacy/**']`)) checkPattern(pattern)
  if (log !== undefined && typeof log !== 'function') {
    throw wrong(`takes a function as log, not ${shown(log)}`, `log: (line) => console.log(line), or leave it out`)
  }
  return { include: [...new Set(include)].toSorted(inOrder), exclude, log }
}

export interface CheckedCarryOptions {
  /** Each once, in alphabetical order. */
  readonly include: readonly string[]
  readonly exclude: readonly (string | RegExp)[]
  readonly log: ((line: string) => void) | undefined
}

const NAMES: ReadonlySet<string> = new Set<keyof CarryOptions>(['include', 'exclude', 'log'])
const PACKAGE = /^(?:@[a-z0-9~_-][a-z0-9._~-]*\/)?[a-z0-9~_-][a-z0-9._~-]*$/i

function listOf(option: string, list: unknown, example: string): readonly unknown[] {
  if (!Array.isArray(list)) throw wrong(`takes a list as ${option}, not ${shown(list)}`, example)
  return list
}

function checkPackageName(name: unknown): void {
  if (typeof name !== 'string') throw wrong(`takes names of packages in include, not ${shown(name)}`, `include: ['ky']`)
  if (name === '@waybill/carry') throw wrong('cannot carry itself', 'include without it')
  if (PACKAGE.test(name)) return
  const [first = '', second] = name.split('/')
  const start = first.startsWith('@') ? `${first}/${second ?? ''}` : first
  if (name.includes('*')) throw wrong(`takes no pattern in include: ${shown(name)}`, `each package by its name`)
  if (/^[./\\]|^[a-z]:[\\/]/i.test(name) || !PACKAGE.test(start)) {
    throw wrong(
      `takes names of packages in include, not ${shown(name)}: the app's own files carry already`,
      `a package's name, as it is in a package.json, or nothing`,
    )
  }
  throw wrong(`takes whole packages in include, not ${shown(name)}`, `include: ['${start}']`)
}

function checkPattern(pattern: unknown): void {
  if (pattern instanceof RegExp) return
  if (typeof pattern !== 'string' || pattern === '') {
    throw wrong(`takes globs and regular expressions in exclude, not ${shown(pattern)}`, `exclude: ['src/legacy/**']`)
  }
  if (pattern.startsWith('!')) {
    throw wrong(`takes no negated glob in exclude: ${shown(pattern)}`, `a regular expression, as /legacy\\/(?!kept)/`)
  }
}

function wrong(what: string, instead: string): TypeError {
  return new TypeError(`[waybill] carry ${what}. Write ${instead}.`)
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  return value instanceof RegExp ? String(value) : (JSON.stringify(value) ?? String(value))
}

const inOrder = (a: string, b: string): number => (a < b ? -1 : 1)
