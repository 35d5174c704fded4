/**
 * What a log, a command or an API gave, as records with named values: JSON (one a line, or all of it, such as a list of rows), lines of
 * `name=value`, CSV with a first line of names, or plain lines. JSON inside a value is opened as well, such as a job's data in a column.
 */
export function parseRecords(text: string, { isCsv = false }: ParseOptions = {}): DrillRecord[] {
  if (isCsv) return csvRecords(text)
  const trimmed = text.trim()
  const whole = /^[[{]/.test(trimmed) ? parsed(trimmed) : undefined
  if (whole !== undefined) return [whole].flat().map((each) => recordOf(JSON.stringify(each), each))
  return trimmed
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map(lineRecord)
}

/** One thing that was found. */
export interface DrillRecord {
  /** The whole of it. Foreign text: it is searched and never printed. */
  readonly text: string
  readonly values: readonly FieldValue[]
}

export interface FieldValue {
  /** Dotted: `data.reference`, `headers.0.value`; empty for a line that is nothing but a value. */
  readonly path: string
  readonly value: string
}

export interface ParseOptions {
  readonly isCsv?: boolean | undefined
}

function lineRecord(line: string): DrillRecord {
  // Behind what `docker compose logs`, journald and others put in front.
  const start = line.indexOf('{')
  const json = start >= 0 && line.trimEnd().endsWith('}') ? parsed(line.slice(start)) : undefined
  if (json !== undefined) return recordOf(line, json)
  const pairs = [...line.matchAll(PAIR)].map(([, path = '', quoted, plain = '']) => ({ path, value: quoted ?? plain }))
  return { text: line, values: pairs.length > 0 ? pairs.flatMap(opened) : opened({ path: '', value: line.trim() }) }
}

/** `name=value` or `name="value with spaces"`, as logfmt has it. */
const PAIR = /(?<=^|[\s,;[({])([\w.@$-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,;\])}"]*))/g

function recordOf(text: string, json: unknown): DrillRecord {
  const values: FieldValue[] = []
  walk(json, '', values, 0)
  return { text, values }
}

function walk(value: unknown, path: string, values: FieldValue[], depth: number): void {
  if (depth > DEEPEST || values.length >= MOST_VALUES) return
  if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value)) walk(each, path === '' ? key : `${path}.${key}`, values, depth + 1)
  } else if (typeof value === 'string') values.push(...opened({ path, value }))
  else if (value !== null && value !== undefined) values.push({ path, value: JSON.stringify(value) })
}

/** A value, and what it holds when it is JSON itself. */
function opened({ path, value }: FieldValue): FieldValue[] {
  const json = /^\s*[[{]/.test(value) ? parsed(value) : undefined
  if (json === undefined) return [{ path, value }]
  const inner: FieldValue[] = []
  walk(json, path, inner, 1)
  return inner
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

const DEEPEST = 12
const MOST_VALUES = 5000

function csvRecords(text: string): DrillRecord[] {
  const [names = [], ...rows] = csvRows(text)
  return rows.map((row) => ({
    text: row.join(','),
    values: row.flatMap((value, index) => (value === '' ? [] : opened({ path: names[index] ?? String(index), value }))),
  }))
}

/** RFC 4180: quotes are doubled inside quotes, which may hold commas and line breaks. */
function csvRows(text: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    const row = rows.at(-1) ?? []
    row.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === '') break
    if (end !== ',') rows.push([])
  }
  return rows.filter((row) => row.some((value) => value !== ''))
}
