/**
 * Reads JSON that arrives in pieces and picks single values out of it by their path, such as `usage.input_tokens` or
 * `choices.*.finish_reason`, where `*` is every place of a list. Nothing else is kept, however large the text is: it is skipped as it
 * passes. A string of more than 200 characters, or with an escape in it, is none of those that are looked for.
 */
export function pickJson(
  paths: ReadonlySet<string>,
  onValue: (path: string, value: string | number) => void,
): JsonPicker {
  const ways = new Set([...paths].flatMap((path) => path.split('.').map((_, i, names) => names.slice(0, i).join('.'))))
  const open: Container[] = []
  /** Brackets that are open in what nobody looks into. */
  let unseen = 0
  let state: State = 'value'
  let isName = false
  let isEscaped = false
  /** Of the string or literal that is being read; undefined where it is not going to be looked at. */
  let held: string | undefined

  /** Where the next value stands. */
  const place = (): string => {
    const { path, name } = open.at(-1) ?? { path: '', name: '' }
    return path === '' ? name : `${path}.${name}`
  }
  const hold = (piece: string | undefined): void => {
    const isKept = held !== undefined && piece !== undefined && held.length + piece.length <= LONGEST
    held = isKept ? `${held}${piece}` : undefined
  }
  const offer = (value: string | number | undefined): void => {
    if (value !== undefined && paths.has(place())) onValue(place(), value)
  }
  const valueEnds = (): void => {
    state = open.length === 0 ? 'nothing' : 'next'
  }
  const stringEnds = (): void => {
    if (unseen > 0) return void (state = 'unseen')
    if (isName) {
      const container = open.at(-1)
      // A name that none of the paths has stands for those that could be taken for another.
      if (container) container.name = !held || held.includes('.') ? '?' : held
      state = 'colon'
    } else {
      offer(held)
      valueEnds()
    }
  }
  const literalEnds = (): void => {
    if (!/^(?:-?\d[\d.eE+-]*|true|false|null)$/.test(held ?? '')) return void (state = 'broken')
    if (Number.isFinite(Number(held))) offer(Number(held))
    valueEnds()
  }
  const containerBegins = (isList: boolean): void => {
    const path = place()
    if (ways.has(path)) {
      open.push({ isList, path, name: isList ? '*' : '' })
      state = isList ? 'valueOrEnd' : 'nameOrEnd'
    } else {
      unseen = 1
      state = 'unseen'
    }
  }
  const readUnseen = (char: string): void => {
    if (char === '"') [state, held] = ['string', undefined]
    else unseen += char === '{' || char === '[' ? 1 : -1
    if (unseen === 0) valueEnds()
  }
  const readStructure = (char: string): void => {
    const isList = open.at(-1)?.isList
    const mayEnd = open.length > 0 && (state === 'next' || state === (isList ? 'valueOrEnd' : 'nameOrEnd'))
    const isValueDue = state === 'value' || state === 'valueOrEnd'
    isName = state === 'name' || state === 'nameOrEnd'
    if (char === '"' && (isValueDue || isName)) [state, held] = ['string', '']
    else if (isValueDue && (char === '{' || char === '[')) containerBegins(char === '[')
    else if (isValueDue && /[-\da-z]/.test(char)) [state, held] = ['literal', char]
    else if (char === ',' && state === 'next') state = isList ? 'value' : 'name'
    else if (char === ':' && state === 'colon') state = 'value'
    else if (mayEnd && char === (isList ? ']' : '}')) {
      open.pop()
      valueEnds()
    } else state = 'broken'
  }

  return {
    push(text) {
      for (let i = 0; i < text.length;) {
        if (state === 'broken') return
        if (state === 'string') {
          const quote = text.indexOf('"', i)
          const stop = quote < 0 ? text.length : quote
          let from = stop
          while (from > i && text.charCodeAt(from - 1) === ESCAPE) from--
          // Escapes come in pairs, or the last of them is for what comes next. One may be the end of the piece before.
          const isOdd = (stop - from + (isEscaped && from === i ? 1 : 0)) % 2 === 1
          hold(isEscaped || stop - i > LONGEST || text.slice(i, stop).includes('\\') ? undefined : text.slice(i, stop))
          isEscaped = isOdd && quote < 0
          i = stop + 1
          if (isOdd) held = undefined
          else if (quote >= 0) stringEnds()
        } else if (state === 'literal') {
          const run = runOf(LITERAL, text, i)
          hold(run)
          i += run.length
          if (i < text.length) literalEnds()
        } else {
          i += runOf(state === 'unseen' ? NO_STRUCTURE : SPACE, text, i).length
          if (i < text.length) (state === 'unseen' ? readUnseen : readStructure)(text.charAt(i++))
        }
      }
    },
    end() {
      if (state === 'literal') literalEnds()
      const how = state === 'nothing' ? 'whole' : state === 'broken' ? 'malformed' : 'cut'
      open.length = unseen = 0
      ;[state, held, isEscaped] = ['value', undefined, false]
      return how
    },
    get heldLength() {
      return open.reduce((sum, { path, name }) => sum + path.length + name.length, held?.length ?? 0)
    },
  }
}

export interface JsonPicker {
  /** The next piece. Text that is no JSON is passed over from where it ceases to be. */
  push(text: string): void
  /** Says whether the text was one whole value, as far as was looked, and begins anew. */
  end(): 'whole' | 'cut' | 'malformed'
  /** How many characters of the text are kept at the moment. */
  readonly heldLength: number
}

interface Container {
  readonly isList: boolean
  readonly path: string
  name: string
}

type State =
  | 'value'
  | 'valueOrEnd'
  | 'name'
  | 'nameOrEnd'
  | 'colon'
  | 'next'
  | 'nothing'
  | 'string'
  | 'literal'
  | 'unseen'
  | 'broken'

const LONGEST = 200
const ESCAPE = 92
const LITERAL = /[\w.+-]*/y
const NO_STRUCTURE = /[^"{}[\]]*/y
const SPACE = /\s*/y

function runOf(pattern: RegExp, text: string, from: number): string {
  pattern.lastIndex = from
  return pattern.exec(text)?.[0] ?? ''
}
