/**
 * The `error.type` of whatever was thrown: `timeout` when a time limit caused it, however deep; else its class or its code, or where it
 * has neither, as query builders' have not, those of its cause, which say what happened and hold nothing of what a customer wrote. Messages are not looked at: those of model libraries
 * quote the model, those of parsers their input.
 */
export function errorTypeOf(error: unknown): string {
  const chain = chainOf(error)
  if (chain.some(isTimeout)) return 'timeout'
  for (const each of chain) {
    const { name, code } = partsOf(each)
    if (plain(name) && !/^error$/i.test(name)) return name
    if (plain(code)) return code
  }
  return 'Error'
}

/** The `error.type` of what was aborted, whatever object the application gave as its reason. */
export function abortTypeOf(reason: unknown): 'timeout' | 'AbortError' {
  return errorTypeOf(reason) === 'timeout' ? 'timeout' : 'AbortError'
}

/** What a step ends with where something was thrown, even `undefined` or `null`. */
export function asThrown(error: unknown): unknown {
  return error ?? new Error('nothing was thrown')
}

/** An error with its causes; `lastError` is where retrying libraries keep the cause. Bounded, because causes can go in circles. */
function chainOf(error: unknown): readonly unknown[] {
  const chain = [error]
  for (let i = 0; i < 5; i++) {
    const { cause, lastError } = partsOf(chain.at(-1))
    chain.push(cause ?? lastError)
  }
  return chain
}

function isTimeout(error: unknown): boolean {
  const { name, code } = partsOf(error)
  // Axios calls a request that it gave up for its time aborted.
  if (name === 'TimeoutError' || (name === 'AxiosError' && code === 'ECONNABORTED')) return true
  return code === 'ETIMEDOUT' || (typeof code === 'string' && /^UND_ERR_\w+_TIMEOUT$/.test(code))
}

function partsOf(error: unknown): Partial<Record<'name' | 'code' | 'cause' | 'lastError', unknown>> {
  return typeof error === 'object' && error !== null ? error : {}
}

function plain(value: unknown): value is string {
  // A long number is somebody's, not a kind of error.
  return typeof value === 'string' && /^(?!.*\d{7})[\w.$:-]{2,80}$/.test(value)
}
