import { cleanText } from './cleanText.ts'

/** What an application notes, such as `{ order: 'A-1001' }`. */
export type Facts = Readonly<Record<string, string | number | bigint | boolean | null | undefined>>

/**
 * The one rule for facts, on every way to the desk: at most 20, names of 1 to 40 `A-Z a-z 0-9 _ . -` other than `__proto__`, values of
 * at most 200 characters, of which is kept what `cleanText` leaves. Numbers and truth values become text; null, undefined and text
 * with nothing to read in it say nothing and are passed over. What breaks the rule is left out whole and told to `leaveOut`, for half
 * an order number finds nothing. Names are ASCII because they are typed and compared in many systems, where letters that only look
 * alike would make two names. Without `facts`, because the step is told already, nothing can be added.
 */
export function addFacts(facts: Record<string, string> | undefined, noted: unknown, leaveOut: LeaveOut): void {
  const entries = Object.entries<Facts[string]>(Object(noted) === noted ? Object(noted) : { '': noted })
  for (const [name, given] of entries) {
    const isObject = Object(given) === given
    const text = isObject ? '' : String(given ?? '')
    const value = text.length > LONGEST_TEXT ? text : cleanText(text)
    if (!value && !isObject) continue
    if (!facts) leaveOut('time', name)
    else if (!/^(?!__proto__$)[\w.-]{1,40}$/.test(name)) leaveOut('name', name)
    else if (isObject) leaveOut('type', name)
    else if (value.length > LONGEST_TEXT) leaveOut('length', name)
    else if (Object.keys({ ...facts, [name]: value }).length > MOST_FACTS) leaveOut('number', name)
    else facts[name] = value
  }
}

type LeaveOut = (why: keyof typeof FACT_FAULTS, name: string) => void

export const LONGEST_TEXT = 200
const MOST_FACTS = 20

export const FACT_FAULTS = {
  time: 'noted when its step was told already',
  name: 'whose name is not 1 to 40 of A-Z a-z 0-9 _ . -, or is __proto__',
  type: 'that is no text, number or truth value',
  length: 'of more than 200 characters',
  number: 'beyond the first 20 of its step',
} as const

/**
 * Adds what an application notes. What is left out goes to `onError`, by its name and never with its value; in development it is
 * said on the console too, once.
 */
export function noteFacts(
  facts: Record<string, string> | undefined,
  noted: unknown,
  onError: (error: unknown) => void,
): void {
  addFacts(facts, noted, (why, name) => {
    // What no name may hold, and what could forge a line, shows as a question mark.
    const message = `[waybill] A fact was left out for its ${why}: ${name.slice(0, 40).replace(/[^\w.-]/g, '?')}`
    warn(message, why)
    onError(new TypeError(message))
  })
}

/** Bundlers drop it from production builds; where nobody says which this is, nothing is said. */
function warn(message: string, why: keyof typeof FACT_FAULTS): void {
  try {
    if (process.env.NODE_ENV !== 'production' && !warned.has(message) && warned.size < 100) {
      warned.add(message)
      console.warn(`${message}. Support finds nothing by a fact ${FACT_FAULTS[why]}.`)
    }
  } catch {
    // There is no `process`, or one of the page's own.
  }
}

declare const process: { readonly env: { readonly NODE_ENV?: string } }

const warned = new Set<string>()
