/** Runs each function in a task of its own, in order, with the event that is dispatched in it; without a page at once. */
export function createTaskQueue(page: object | undefined): TaskQueue {
  if (!page) return (fn) => fn(new Event('message'))
  const waiting: ((event: Event) => void)[] = []
  const { port1, port2 } = new MessageChannel()
  port1.addEventListener('message', (event) => waiting.shift()?.(event))
  port1.start()
  return (fn) => {
    waiting.push(fn)
    port2.postMessage(0)
  }
}

export type TaskQueue = (fn: (event: Event) => void) => void
