/**
 * Does long work in small parts, and lets whatever else waits have its turn at each `yield`.
 *
 * @throws Error when `isOver` says between two parts that there is nothing to work on any more.
 */
export async function inTurns<Result>(work: Generator<void, Result>, isOver: () => boolean): Promise<Result> {
  for (;;) {
    if (isOver())
      throw new Error('[waybill] The store was closed before this was done. Do it again once the desk runs.')
    const part = work.next()
    if (part.done) return part.value
    await new Promise((resolve) => setImmediate(resolve))
  }
}
