import { ATTRIBUTES } from './attributes.ts'
import type { Hop } from './hop.ts'

/**
 * Whether it is a request of the customer's browser, as that or the server that answered it tells it. What a worker, a tool or a server's own
 * call was refused is about the system's sign-in, card or input, and not about the customer's.
 */
export function isCustomersRequest({ hop, attributes }: RequestStep): boolean {
  const side = attributes?.[ATTRIBUTES.side]
  return hop === 'browser' || (hop === 'api' && side !== 'client' && side !== 'internal')
}

interface RequestStep {
  readonly hop: Hop
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
}
