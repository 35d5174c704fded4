/** Runs each function in a task of its own, in order and ahead of timers; without a page at once. */
export function createTaskQueue(page: object | undefined): (fn: () => void) => void {
  if (!page) return (fn) => fn()
  const { scheduler } = globalThis as { readonly scheduler?: Scheduler }
  if (scheduler) return (fn) => void scheduler.postTask(fn, { priority: 'user-blocking' })
  // Safari's way, and a dearer one.
  const waiting: (() => void)[] = []
  const { port1, port2 } = new MessageChannel()
  port1.addEventListener('message', () => waiting.shift()?.())
  port1.start()
  return (fn) => {
    waiting.push(fn)
    port2.postMessage(0)
  }
}
