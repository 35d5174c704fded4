import { Hono } from 'hono'
import { proxy } from 'hono/proxy'

/** Hands the browser's steps on to the desk, so that pages talk to their own origin only. The desk being away is a 503: the page keeps its steps. */
export function forwardToDesk(deskUrl: string): Hono {
  return new Hono().post('/v1/traces', async (context) => {
    const { search } = new URL(context.req.url)
    return proxy(`${deskUrl}/v1/traces${search}`, { raw: context.req.raw }).catch(() =>
      context.text('The desk cannot be reached.', 503, { 'retry-after': '5' }),
    )
  })
}
