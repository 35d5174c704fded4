/**
 * The kinds of place a customer's action passes through, in the order in which it usually meets them. `log` is where services and pages
 * write what they notice in passing: log lines and events, which decide nothing.
 */
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
  'log',
] as const

export type Hop = (typeof HOPS)[number]
