import { ATTRIBUTES } from './attributes.ts'
import type { Step } from './Step.ts'

/** Whether a step is a log line or an event below WARN. Services write hundreds of those, which would hide the few steps that tell. */
export function isChatter({ hop, attributes }: Pick<Step, 'hop' | 'attributes'>): boolean {
  return hop === 'log' && !SERIOUS.has(attributes?.[ATTRIBUTES.severity])
}

const SERIOUS: ReadonlySet<unknown> = new Set(['warn', 'error', 'fatal'])
