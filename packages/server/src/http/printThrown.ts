/**
 * Says on the console what a handler threw, as stacks: an error as an object has further fields, in which clients of APIs keep the
 * requests they made, with keys and cookies.
 */
export function printThrown(error: unknown, { method, path, reference }: ThrownIn): void {
  const said = typeof error === 'string' ? error : `a thrown ${typeof error} without a stack`
  // One argument, so that nothing in it is taken for a format.
  console.error(
    `[waybill] ${method} ${path} failed${reference ? ` under ${reference}` : ''}: ${stacksOf(error).join('\nCaused by: ') || said}`,
  )
}

interface ThrownIn {
  readonly method: string
  /** The route's pattern or the masked path. */
  readonly path: string
  /** None where nothing was begun. */
  readonly reference: string | undefined
}

/** Of an error and its causes, five at most, for causes can go in circles. */
function stacksOf(error: unknown, most = 5): readonly string[] {
  const { stack, cause } = Object(error)
  return typeof stack === 'string' && most > 0 ? [stack, ...stacksOf(cause, most - 1)] : []
}
