import type { Context } from 'hono'

/**
 * The address a request came from. Behind a proxy that is the proxy's, so with `trustProxy` the last entry of
 * `X-Forwarded-For` counts: the one the nearest proxy wrote, which the client cannot forge.
 */
export function clientAddress(context: Context, trustProxy: boolean): string {
  const forwarded = trustProxy ? context.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  if (forwarded) return forwarded.slice(0, 64)
  const { incoming } = Object(context.env)
  const address: unknown = Object(Object(incoming).socket).remoteAddress
  return typeof address === 'string' ? address : 'local'
}
