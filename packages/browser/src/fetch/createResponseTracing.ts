/**
 * Makes the promises that a response hands out ours, so that what continues from `response.json()`, or from a read of its
 * body, continues in its call's action. The response stays what it is: only one prototype is put between it and its own, so
 * `instanceof`, cloning, streams and native brand checks hold, and there is nothing to see on the object itself.
 */
export function createResponseTracing<Owner>({
  follow,
  onResponse,
}: ResponseTracingOptions<Owner>): (response: Response, owner: Owner) => void {
  const owners = new WeakMap<object, Owner>()

  const followed: Hook = (self, promise) => {
    const owner = owners.get(self)
    return owner && promise instanceof Promise ? follow(owner, promise) : promise
  }
  const passedOn =
    (kind: () => Kind): Hook =>
    (self, value) => {
      const owner = owners.get(self)
      if (owner) own(value, owner, kind())
      return value
    }

  const reader = kindOf(ReadableStreamDefaultReader.prototype, { read: followed })
  const body = kindOf(ReadableStream.prototype, { getReader: passedOn(() => reader) })
  const response: Kind = kindOf(Response.prototype, {
    arrayBuffer: followed,
    blob: followed,
    bytes: followed,
    formData: followed,
    json: followed,
    text: followed,
    body: passedOn(() => body),
    clone: passedOn(() => response),
  })

  function own(value: unknown, owner: Owner, { base, derived }: Kind): void {
    // A stand-in for the platform's own class has ways of its own, and is left alone.
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== base) return
    Object.setPrototypeOf(value, derived)
    owners.set(value, owner)
    onResponse(value, owner)
  }

  return (value, owner) => own(value, owner, response)
}

export interface ResponseTracingOptions<Owner> {
  /** Returns a promise that settles as the given one, with its continuation in the owner's name. */
  readonly follow: (owner: Owner, promise: Promise<unknown>) => Promise<unknown>
  /** Told of the response, its clones and their bodies. */
  readonly onResponse: (part: object, owner: Owner) => void
}

interface Kind {
  readonly base: object
  readonly derived: object
}

type Hook = (self: object, result: unknown) => unknown

/** A prototype over `base` whose methods and getters do what `base` does, and show each result to a hook. */
function kindOf(base: object, hooks: Readonly<Record<string, Hook>>): Kind {
  const properties: PropertyDescriptorMap = {}
  for (const [name, hook] of Object.entries(hooks)) {
    const native = Object.getOwnPropertyDescriptor(base, name)
    if (native?.get) {
      const { get } = native
      const hooked = function (this: object): unknown {
        return hook(this, get.call(this))
      }
      properties[name] = { ...native, get: hooked }
    } else if (typeof native?.value === 'function') {
      const { value } = native
      const hooked = function (this: object, ...args: unknown[]): unknown {
        return hook(this, Reflect.apply(value, this, args))
      }
      properties[name] = { ...native, value: hooked }
    }
  }
  return { base, derived: Object.create(base, properties) }
}
