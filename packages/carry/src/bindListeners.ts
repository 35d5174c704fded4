/**
 * From now on each listener that is added to the event target or emitter is added as `bind` returns it, and removed as that too.
 * Handler properties such as `onload` stay as they are.
 */
export function bindListeners(target: Listened, bind: (listener: Listener) => Listener): void {
  const boundOf = new WeakMap<object, Listener>()
  // An emitter's `once` may call its own `on`, with a listener that is bound already.
  let isAdding = false

  for (const name of ADDING)
    replace(target, name, (add) => {
      return function (this: unknown, type: unknown, listener: unknown, ...rest: unknown[]) {
        if (isAdding || !isListener(listener)) return add.call(this, type, listener, ...rest)
        let bound = boundOf.get(listener)
        if (!bound) boundOf.set(listener, (bound = bind(functionOf(listener))))
        isAdding = true
        try {
          return add.call(this, type, bound, ...rest)
        } finally {
          isAdding = false
        }
      }
    })

  for (const name of REMOVING)
    replace(target, name, (remove) => {
      return function (this: unknown, type: unknown, listener: unknown, ...rest: unknown[]) {
        return remove.call(this, type, (isListener(listener) && boundOf.get(listener)) || listener, ...rest)
      }
    })
}

/** Whether it is one that can be bound. */
export function hasListeners(target: unknown): target is Listened {
  const { addEventListener, on } = Object(target) as Listened
  return typeof addEventListener === 'function' || typeof on === 'function'
}

type Listener = (this: unknown, ...args: unknown[]) => unknown
type Listened = Record<string, unknown>

const ADDING = ['addEventListener', 'on', 'once', 'addListener', 'prependListener', 'prependOnceListener']
const REMOVING = ['removeEventListener', 'off', 'removeListener']

function replace(target: Listened, name: string, replacement: (original: Listener) => Listener): void {
  const original = target[name]
  if (typeof original === 'function') target[name] = replacement(original as Listener)
}

const isListener = (value: unknown): value is object =>
  typeof value === 'function' || (typeof value === 'object' && value !== null)

/** An event target also takes an object with a method, which it looks up at each event. */
function functionOf(listener: object): Listener {
  if (typeof listener === 'function') return listener as Listener
  return (event) => (listener as { handleEvent: Listener }).handleEvent(event)
}
