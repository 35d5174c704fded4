import type { Entry } from '../actions/Entry.ts'
import type { Attribution } from '../attribution/createAttribution.ts'
import type { Ownership } from './createOwnership.ts'

/**
 * Makes the promises that a response hands out ours, so that what continues from `response.json()`, or from a read of its
 * body, continues in its call's action. The response stays what it is: only one prototype is put between it and its own, so
 * `instanceof`, cloning, streams and native brand checks hold, and there is nothing to see on the object itself. A stand-in
 * for the platform's own class has ways of its own, and is left alone.
 */
export function createResponseTracing({ follow, own, ownerOf, current }: ResponseTracingOptions): ResponseTracing {
  const derived = new Map<object, object>()

  for (const prototype of prototypes()) {
    const between = Object.create(prototype)
    for (const name of Reflect.ownKeys(prototype)) {
      const native = Object.getOwnPropertyDescriptor(prototype, name)!
      const { get, value } = native
      // Methods, and of the accessors the one that hands out a stream.
      const kind = name === 'body' ? 'get' : typeof value === 'function' && name !== 'constructor' && 'value'
      if (!kind) continue
      const hooked = function (this: object, ...args: unknown[]): unknown {
        // As it is by then: the page may have replaced it.
        const result: unknown = Reflect.apply(get ?? Reflect.get(prototype, name), this, args)
        const owner = ownerOf(this)
        if (!owner) return result
        // Libraries replace the page's Promise, and the platform's stays.
        if (Object.prototype.toString.call(result) === '[object Promise]')
          return follow(owner, result as Promise<unknown>)
        // What anybody else takes out of a cache is not the action's to go on with.
        if (name === 'clone' && current() !== owner) own(result, owner)
        else for (const each of Array.isArray(result) ? result : [result]) trace(each, owner)
        return result
      }
      Object.defineProperty(between, name, { ...native, [kind]: hooked })
    }
    derived.set(prototype, between)
  }

  function trace(value: unknown, owner: Entry): void {
    const prototype = derived.get(Object.getPrototypeOf(Object(value)))
    if (prototype) Object.setPrototypeOf(value, prototype)
    own(value, owner)
  }

  return trace
}

/** The value is the owner's; if it is a response, what comes of it is, too. */
export type ResponseTracing = (value: unknown, owner: Entry) => void

export interface ResponseTracingOptions extends Pick<Ownership, 'own' | 'ownerOf'>, Pick<Attribution, 'current'> {
  /** Returns a promise that settles as the given one, with its continuation in the owner's name. */
  readonly follow: <T>(owner: Entry, promise: Promise<T>) => Promise<T>
}

/** Of what hands out promises, or something that does. Safari has no readers into buffers, and not every browser iterates streams. */
function prototypes(): object[] {
  const chunks = new ReadableStream().values?.()
  const classes: readonly (Function | undefined)[] = [
    Response,
    ReadableStream,
    ReadableStreamDefaultReader,
    globalThis.ReadableStreamBYOBReader,
  ]
  return [
    ...classes.flatMap((each) => (each ? [each.prototype] : [])),
    ...(chunks ? [Object.getPrototypeOf(chunks)] : []),
  ]
}
