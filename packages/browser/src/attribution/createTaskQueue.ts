/**
 * Runs each function in a task of its own, in order, with the event that is dispatched in it; without a page, and from `stop` on, at
 * once. Where there is no `MessageChannel`, as in jsdom, a timer's task has no such event, and nothing is known to run in it.
 */
export function createTaskQueue({ page, signal }: TaskQueueOptions): TaskQueue {
  const atOnce: TaskQueue = (fn) => fn(new Event('message'))
  if (!page) return atOnce
  if (!('MessageChannel' in page)) return (fn) => void setTimeout(fn, 0, new Event('message'))
  const waiting: ((event: Event) => void)[] = []
  const { port1, port2 } = new MessageChannel()
  // An open port keeps a process alive; what waits comes first.
  const close = (): void => void (signal.aborted && !waiting.length && port1.close())
  port1.addEventListener('message', (event) => {
    waiting.shift()?.(event)
    close()
  })
  port1.start()
  signal.addEventListener('abort', close)
  return (fn) => {
    if (signal.aborted) return atOnce(fn)
    waiting.push(fn)
    port2.postMessage(0)
  }
}

export type TaskQueue = (fn: (event: Event) => void) => void

export interface TaskQueueOptions {
  readonly page: object | undefined
  /** Aborted by `stop`. */
  readonly signal: AbortSignal
}
