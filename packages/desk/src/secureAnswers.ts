import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'

/**
 * What every answer carries against being misread, framed, kept or drawn into another site. The page adds its own policy; see `servePage`.
 * Whether the host is only ever spoken to over https is the proxy's to say.
 */
export function secureAnswers(): MiddlewareHandler {
  const addHeaders = secureHeaders({
    xFrameOptions: 'DENY',
    strictTransportSecurity: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
    overwrite: false,
  })
  return async (context, next) => {
    await addHeaders(context, next)
    if (!context.res.headers.has('cache-control')) context.header('cache-control', 'no-store')
  }
}
