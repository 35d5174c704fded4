import type { Step } from './Step.ts'

/**
 * Whether a step's end is what is said of it where its page went away before it ended: a page that comes back from the browser's
 * cache may tell the real end afterwards, under the same id.
 */
export function isCutShort({ error, action }: Pick<Step, 'error' | 'action'>): boolean {
  return error?.type === 'page_left' || action === 'abandoned'
}
