import type { Step } from './Step.ts'

/**
 * Whether a step's end is what is said of it where whoever waited for it went away before it ended: the page, or a request's caller. A
 * page that comes back from the browser's cache, or the server that went on, may tell the real end afterwards, under the same id.
 */
export function isCutShort({ error, action }: Pick<Step, 'error' | 'action'>): boolean {
  return error?.type === 'page_left' || error?.type === 'aborted' || action === 'abandoned'
}
