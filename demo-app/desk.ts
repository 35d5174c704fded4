import { createDesk } from '@waybill/desk'
import { runAsChild, setting } from './launch/childSide.ts'
import { listenLocally } from './launch/listenLocally.ts'
import { WHO_LOOKS_AFTER } from './whoLooksAfter.ts'

/** The desk as a company would run it: one process, one database file, the shop's keys. */
await runAsChild(async () => {
  const desk = createDesk({
    database: setting('DESK_DATABASE'),
    readToken: setting('WAYBILL_DESK_TOKEN'),
    ingestKeys: [setting('WAYBILL_INGEST_KEY')],
    browserKeys: [setting('WAYBILL_BROWSER_KEY')],
    pageFolder: new URL(setting('DESK_PAGES')),
    owners: WHO_LOOKS_AFTER,
    factLinks: { order: `${setting('SHOP_ADDRESS')}/orders/{value}` },
    // Every customer of the demo has this machine's address, so limits per address would count them as one.
    limits: { browserRequestsPerMinute: 6_000, lookUpsPerMinute: 6_000 },
    log: (entry) => console.log(JSON.stringify(entry)),
    warn: console.warn,
  })
  const server = await listenLocally(desk.fetch, { port: Number(setting('DESK_PORT')), option: '--desk-port' })
  // The token of the environment only reads; support also says who handles a trail.
  const { value: token } = await desk.tokens.create({ name: 'support', scopes: ['read', 'link'] })
  return {
    url: server.url,
    token,
    stop: async () => {
      await server.stop()
      await desk.stop()
    },
  }
})
