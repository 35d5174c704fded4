import { waybillMiddleware } from '@waybill/server/hono'
import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { accountRoutes } from './accountRoutes.ts'
import { backOfficeRoutes } from './backOfficeRoutes.ts'
import { carrierWebhook } from './carrierWebhook.ts'
import { checkoutRoutes } from './checkoutRoutes.ts'
import { forwardToDesk } from './forwardToDesk.ts'
import { orderRoutes } from './orderRoutes.ts'
import type { Shop, ShopEnv } from './Shop.ts'
import { withCustomer } from './withCustomer.ts'

/** The shop's API with its web app behind it, on one origin. */
export function createApp(shop: Shop, pages: Hono): Hono {
  const api = new Hono<ShopEnv>()
    .use(waybillMiddleware(shop.waybill), logged(shop), withCustomer(shop))
    .route('/', accountRoutes(shop))
    .route('/', checkoutRoutes(shop))
    .route('/', orderRoutes(shop))
    .route('/back-office', backOfficeRoutes(shop))
    .all('*', () => shop.waybill.problem({ status: 404, title: 'There is nothing at this address.' }))
    .onError((error) => {
      shop.log.error({ error: error.name, code: 'code' in error ? error.code : undefined }, 'request failed')
      return shop.waybill.problem({ status: 500, title: 'The shop could not do this.' })
    })
  return new Hono()
    .route('/api/steps', forwardToDesk(shop.deskUrl))
    .route('/api', api)
    .route('/webhooks', carrierWebhook(shop))
    .route('/waybill', forwardToDesk(shop.deskUrl))
    .route('/', pages)
}

/** One line for each request. The path is logged as its pattern: what a customer typed into it is not. */
function logged({ log }: Shop) {
  return createMiddleware(async (context, next) => {
    const startedAt = performance.now()
    await next()
    const { method, routePath } = context.req
    log.info(
      { method, route: routePath, status: context.res.status, ms: Math.round(performance.now() - startedAt) },
      'served',
    )
  })
}
