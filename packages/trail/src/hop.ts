/** The kinds of place a customer's action passes through, in the order in which it usually meets them. */
export const HOPS = [
  'browser',
  'api',
  'queue',
  'worker',
  'model',
  'tool',
  'database',
  'schedule',
  'webhook',
  'alert',
  'support',
] as const

export type Hop = (typeof HOPS)[number]
