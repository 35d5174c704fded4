import { createWaybill } from '@waybill/server'
import { tracedQueue } from '@waybill/server/pg-boss'
import { waybillMixin } from '@waybill/server/pino'
import { tracedDatabase } from '@waybill/server/sql'
import { pino } from 'pino'
import { createPool } from '../database/pool.ts'
import { createQueues, NIGHTLY_SYNC, openQueues, REFUNDS } from '../database/queues.ts'
import { SETUP } from '../database/schema.ts'
import { runAsChild, setting } from '../launch/childSide.ts'
import { listenLocally } from '../launch/listenLocally.ts'
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
  const queues = {
    url: setting('DATABASE_URL'),
    stallMs: Number(setting('STALL_MS')),
    onError: (error: Error) => log.error({ error: error.name }, 'queue'),
  }
  await createQueues(queues)
  const boss = await openQueues(queues)
  const queue = tracedQueue(waybill, boss)
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
    queueRefund: async (client, refund) => {
      await queue.send(REFUNDS, refund, { db: { executeSql: (text, values) => client.query(text, values) } })
    },
    queueNightlySync: async () => {
      await queue.send(NIGHTLY_SYNC, {})
    },
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
      await boss.stop({ graceful: false })
      await waybill.stop()
      await pool.end()
    },
  }
})
