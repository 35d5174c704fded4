import { createWaybill } from '@waybill/server'
import { waybillMixin } from '@waybill/server/pino'
import { tracedDatabase } from '@waybill/server/sql'
import { pino } from 'pino'
import { createPool } from '../database/pool.ts'
import { SETUP } from '../database/schema.ts'
import { runAsChild, setting } from '../launch/childSide.ts'
import { listenLocally } from '../launch/listenLocally.ts'
import { openQueue } from '../queue/openQueue.ts'
import { queueSettings } from '../queue/queueSettings.ts'
import { createApp } from './createApp.ts'
import { webPages } from './webPages.ts'

await runAsChild(async () => {
  const deskUrl = setting('DESK_URL')
  const waybill = createWaybill({
    service: 'shop-api',
    deliverTo: deskUrl,
    key: setting('WAYBILL_INGEST_KEY'),
    onError: (error) => log.warn({ error: String(error) }, 'waybill'),
  })
  const log = pino({ mixin: waybillMixin(waybill) })
  const pool = createPool(setting('DATABASE_URL'))
  await pool.query(SETUP)
  const queue = await openQueue({
    waybill,
    role: 'shop',
    ...queueSettings(),
    pool,
    onError: (error) => log.error({ error: error.name }, 'queue'),
  })
  const pages = await webPages({
    folder: setting('SHOP_PAGES'),
    browserKey: setting('WAYBILL_BROWSER_KEY'),
  })

  let shopUrl = ''
  const shop = {
    waybill,
    pool,
    database: tracedDatabase(waybill, pool),
    log,
    deskUrl,
    shopUrl: () => shopUrl,
    queue,
  } satisfies Parameters<typeof createApp>[0]
  const server = await listenLocally(createApp(shop, pages).fetch, {
    port: Number(setting('SHOP_PORT')),
    option: '--port',
  })
  shopUrl = server.url
  return {
    url: server.url,
    stop: async () => {
      await server.stop()
      await queue.stop()
      await waybill.stop()
      await pool.end()
    },
  }
})
