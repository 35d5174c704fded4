import type { StoredStep } from '../../StoredStep.ts'
import { createByteWriter } from './createByteWriter.ts'
import { NUMBER, SHAPE_FOLLOWS, SHORTEST_BEFORE, STEP_FOLLOWS, TEXT } from './StepShape.ts'
import type { ShapeField, StepShape } from './StepShape.ts'

/**
 * Writes steps of one trail into as few bytes as they need: the shape that many steps share by its number, and what differs after it. Which values
 * of attributes many steps share shows as they come. `shapeNumber` gives a shape's number in the file; a shape seen for the first time has none yet.
 */
export function createStepEncoder({ shapeNumber }: StepEncoderOptions): StepEncoder {
  const writer = createByteWriter()
  const known = new Map<string, KnownShape>()
  const variety = createVariety()

  let texts = new Map<string, number>()
  let lastTime = 0

  function shapeOf(step: StoredStep, { reference, ownTraceId }: TrailIdentity): KnownShape | undefined {
    let key = ''
    for (const field in step) {
      const value: unknown = step[field as keyof StoredStep]
      if (value === undefined) continue
      const rule = RULES[field]
      if (rule === 'own' && value === reference) key += 'r'
      else if (rule === 'trace' && value === ownTraceId) key += 't'
      else if (rule === 'members' && isPlain(value)) {
        key += `{${part(field)}`
        for (const name in value) {
          if (name === '__proto__') return undefined
          if (value[name] !== undefined) key += memberKey(field, name, value[name])
        }
        key += '}'
      } else if (rule === undefined || rule === 'members' || rule === 'own') {
        if (field === '__proto__') return undefined
        key += `?${part(field)}`
      } else key += fieldKey(rule, field, value)
    }
    let shape = known.get(key)
    if (!shape) {
      if (known.size >= MOST_KNOWN) known.clear()
      known.set(key, (shape = { fields: fieldsOf(step, { reference, ownTraceId }), uses: 0, number: undefined }))
    }
    if (shape.number === undefined && ++shape.uses > 1) shape.number = shapeNumber(JSON.stringify(shape.fields))
    return shape
  }

  function memberKey(field: string, name: string, value: unknown): string {
    if (field === 'facts') return (typeof value === 'string' ? '"' : '?') + part(name)
    return fieldKey('alike', `${field}.${name}`, value, name)
  }

  function fieldKey(rule: Rule, path: string, value: unknown, name = path): string {
    if (typeof value === 'string') {
      if (rule !== 'alike' || variety.isWide(path, value)) return `"${part(name)}`
      return `=${part(name)}${part(value)}`
    }
    if (typeof value === 'boolean') return `${value ? '+' : '-'}${part(name)}`
    if (typeof value === 'number') {
      if (rule === 'time') return `@${part(name)}`
      if (rule === 'alike' && !variety.isWide(path, value)) return `=${part(name)}#${value};`
      return `#${part(name)}`
    }
    return `?${part(name)}`
  }

  /** The same decisions as the key holds, so that both go through the fields alike. */
  function fieldsOf(step: StoredStep, { reference, ownTraceId }: TrailIdentity): StepShape {
    const fields: ShapeField[] = []
    for (const [field, value] of Object.entries(step) as [string, unknown][]) {
      if (value === undefined) continue
      const rule = RULES[field]
      if (rule === 'own' && value === reference) fields.push(['own', field])
      else if (rule === 'trace' && value === ownTraceId) fields.push(['own-trace', field])
      else if (rule === 'members' && isPlain(value)) {
        const members = Object.entries(value)
          .filter(([, each]) => each !== undefined)
          .map(([name, each]) =>
            field === 'facts'
              ? ([typeof each === 'string' ? 'text' : 'json', name] as const)
              : fieldOf('alike', `${field}.${name}`, each, name),
          )
        fields.push(['members', field, members])
      } else if (rule === undefined || rule === 'members' || rule === 'own') fields.push(['json', field])
      else fields.push(fieldOf(rule, field, value))
    }
    return fields
  }

  function fieldOf(rule: Rule, path: string, value: unknown, name = path): ShapeField {
    if (typeof value === 'string')
      return rule !== 'alike' || variety.isWide(path, value) ? ['text', name] : ['same', name, value]
    if (typeof value === 'boolean') return ['same', name, value]
    if (typeof value === 'number') {
      if (rule === 'time') return ['time', name]
      return rule === 'alike' && !variety.isWide(path, value) ? ['same', name, value] : ['number', name]
    }
    return ['json', name]
  }

  function writeFields(shape: StepShape, values: Readonly<Record<string, unknown>>): void {
    for (const field of shape) {
      const value = values[field[1]]
      switch (field[0]) {
        case 'own':
        case 'own-trace':
        case 'same':
          break
        case 'text':
          writeText(value as string)
          break
        case 'number':
          writeNumber(value as number)
          break
        case 'time':
          writeTime(value as number)
          break
        case 'json':
          writer.text(JSON.stringify(value) ?? 'null', TEXT.plain)
          break
        case 'members':
          writeFields(field[2], value as Readonly<Record<string, unknown>>)
          break
        default:
          field satisfies never
      }
    }
  }

  function writeText(value: string): void {
    if (value.length >= SHORTEST_BEFORE) {
      const before = texts.get(value)
      if (before !== undefined) return writer.number(before * 4 + TEXT.before)
      texts.set(value, texts.size)
    }
    if (value.length >= 8 && value.length % 2 === 0 && HEX.test(value)) writer.hex(value, TEXT.hex)
    // What is no well-formed text has no form in UTF-8.
    else if (!LONE_SURROGATE.test(value)) writer.text(value, TEXT.plain)
    else writer.text(JSON.stringify(value), TEXT.json)
  }

  function writeNumber(value: number): void {
    if (isWhole(value)) return writer.number(folded(value) * 4 + NUMBER.whole)
    const [thousandths, millionths] = [Math.round(value * 1e3), Math.round(value * 1e6)]
    if (thousandths / 1e3 === value && isWhole(thousandths))
      return writer.number(folded(thousandths) * 4 + NUMBER.thousandths)
    if (millionths / 1e6 === value && isWhole(millionths))
      return writer.number(folded(millionths) * 4 + NUMBER.millionths)
    writer.number(NUMBER.double)
    writer.double(value)
  }

  function writeTime(value: number): void {
    const whole = Math.floor(value)
    const rest = Math.round((value - whole) * 1e6)
    if (isWhole(whole) && whole + rest / 1e6 === value) {
      const since = folded(whole - lastTime)
      writer.number(since * 4 + (rest === 0 ? NUMBER.whole : NUMBER.millionths))
      if (rest !== 0) writer.number(rest)
      lastTime = whole
      return
    }
    writer.number(NUMBER.double)
    writer.double(value)
  }

  return {
    encode(steps, identity) {
      writer.start()
      if (texts.size > 0) texts = new Map()
      lastTime = 0
      for (const step of steps) {
        const shape = shapeOf(step, identity)
        if (!shape) {
          writer.number(STEP_FOLLOWS)
          writer.text(JSON.stringify(step), TEXT.plain)
          continue
        }
        writer.number(shape.number ?? SHAPE_FOLLOWS)
        if (shape.number === undefined) writer.text(JSON.stringify(shape.fields), TEXT.plain)
        writeFields(shape.fields, step as unknown as Readonly<Record<string, unknown>>)
      }
      return writer.taken()
    },
  }
}

export interface StepEncoder {
  /** Good until the next call. */
  encode(steps: readonly StoredStep[], identity: TrailIdentity): Uint8Array
}

export interface TrailIdentity {
  readonly reference: string
  /** Of the reference, in the namespace of the file. */
  readonly ownTraceId: string
}

export interface StepEncoderOptions {
  /** The number of a shape in the file; undefined when it has none and can be given none. */
  readonly shapeNumber: (text: string) => number | undefined
}

interface KnownShape {
  readonly fields: StepShape
  uses: number
  number: number | undefined
}

/** `alike`: steps of one kind mostly have the same. `each`: every step has its own. */
type Rule = 'own' | 'trace' | 'each' | 'time' | 'alike' | 'members'

const RULES: Readonly<Record<string, Rule | undefined>> = Object.assign(Object.create(null), {
  id: 'each',
  parentId: 'each',
  reference: 'own',
  traceId: 'trace',
  startedFor: 'each',
  hop: 'alike',
  service: 'alike',
  name: 'alike',
  at: 'time',
  durationMs: 'each',
  status: 'alike',
  attempt: 'alike',
  maxAttempts: 'alike',
  jobId: 'each',
  error: 'members',
  effect: 'alike',
  remains: 'alike',
  deadLetter: 'alike',
  action: 'alike',
  repeatable: 'alike',
  failure: 'alike',
  background: 'alike',
  session: 'each',
  personHash: 'each',
  facts: 'members',
  links: 'each',
  attributes: 'members',
  claimed: 'alike',
} satisfies Record<keyof StoredStep, Rule>)

const MOST_KNOWN = 5000
const HEX = /^[\da-f]+$/
const LONE_SURROGATE = /\p{Surrogate}/u

/** Remembers how many values a field has had. Those of one with many are worth no place in a shape. */
function createVariety() {
  const seen = new Map<string, Set<unknown> | 'wide'>()
  return {
    isWide(path: string, value: string | number): boolean {
      let values = seen.get(path)
      if (values === 'wide') return true
      if (!values) {
        if (seen.size >= MOST_FIELDS) return true
        seen.set(path, (values = new Set()))
      }
      if (values.has(value)) return false
      if (values.size >= MOST_VALUES || (typeof value === 'string' && value.length > LONGEST_ALIKE)) {
        seen.set(path, 'wide')
        return true
      }
      values.add(value)
      return false
    },
  }
}

const MOST_FIELDS = 2000
const MOST_VALUES = 64
const LONGEST_ALIKE = 200

/** With its length before it, so that two that follow one another cannot be taken for another two. */
function part(text: string): string {
  return `${text.length}:${text}`
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Small enough to be folded and tagged without a loss. */
function isWhole(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 49 && !Object.is(value, -0)
}

/** Whole numbers of either sign as whole numbers from 0 up. */
function folded(value: number): number {
  return value < 0 ? -value * 2 - 1 : value * 2
}
