import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { buildPages } from './launch/buildPages.ts'
import { startProcess } from './launch/childProcess.ts'
import type { DemoProcess } from './launch/childProcess.ts'
import { HELP, readOptions } from './launch/options.ts'
import type { DemoOptions } from './launch/options.ts'

const options = readOptions(process.argv.slice(2), process.env)
const running: DemoProcess[] = []
let ending: Promise<void> | undefined

process.on('SIGINT', () => void end(0))
process.on('SIGTERM', () => void end(0))
process.on('message', () => void end(0))
process.on('disconnect', () => void end(0))

if (options === 'help') {
  console.log(HELP)
  process.exit(0)
} else if ('problem' in options) {
  console.error(`${options.problem}\n\n${HELP}`)
  process.exit(2)
} else {
  await run(options).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    return end(1)
  })
}

/** Starts everything, each after what it needs, and prints where to look. */
async function run({
  shopPort,
  deskPort,
  stallMs,
  databaseUrl,
  redisUrl,
  modelUrl,
  modelKey,
}: DemoOptions): Promise<void> {
  const dataFolder = join(import.meta.dirname, '.data', String(shopPort))
  const logFolder = join(dataFolder, 'logs')
  await rm(dataFolder, { recursive: true, force: true })
  await mkdir(logFolder, { recursive: true })
  const readToken = process.env['WAYBILL_DESK_TOKEN'] || randomBytes(12).toString('base64url')
  const ingestKey = process.env['WAYBILL_INGEST_KEY'] || randomBytes(24).toString('base64url')
  const browserKey = `browser-${randomBytes(9).toString('base64url')}`

  const start = async (name: string, file: string, env: Record<string, string> = {}): Promise<DemoProcess> => {
    const onExit = (message: string): void => {
      console.error(message)
      void end(1)
    }
    const started = await startProcess(name, { file: join(import.meta.dirname, file), env, logFolder, onExit })
    running.unshift(started)
    return started
  }

  console.log('Building the pages; starting the database, the desk, the model, the shop and the worker …')
  const pages = await buildPages(join(dataFolder, 'pages'))
  const [database, desk, model] = await Promise.all([
    databaseUrl ? undefined : start('database', 'database/embedded.ts'),
    start('desk', 'desk.ts', {
      DESK_PORT: String(deskPort),
      DESK_DATABASE: join(dataFolder, 'desk.db'),
      DESK_PAGES: pages.desk,
      SHOP_ADDRESS: `http://localhost:${shopPort}`,
      WAYBILL_DESK_TOKEN: readToken,
      WAYBILL_INGEST_KEY: ingestKey,
      WAYBILL_BROWSER_KEY: browserKey,
    }),
    modelUrl ? undefined : start('model', 'model/main.ts', { MODEL_STALL_MS: String(stallMs * 4 + 60_000) }),
  ])
  const shared = {
    DATABASE_URL: databaseUrl ?? String(database?.ready['url']),
    DESK_URL: String(desk.ready['url']),
    WAYBILL_INGEST_KEY: ingestKey,
    STALL_MS: String(stallMs),
    REDIS_URL: redisUrl ?? '',
    REDIS_PREFIX: `waybill-demo-${randomBytes(6).toString('hex')}`,
  }
  const shop = await start('api', 'shop/main.ts', {
    ...shared,
    SHOP_PORT: String(shopPort),
    SHOP_PAGES: pages.shop,
    WAYBILL_BROWSER_KEY: browserKey,
  })
  await start('worker', 'worker/main.ts', {
    ...shared,
    MODEL_URL: modelUrl ?? String(model?.ready['url']),
    MODEL_KEY: modelKey ?? 'stand-in',
  })

  console.log(`
shop  ${String(shop.ready['url'])}
desk  ${String(desk.ready['url'])}
token  ${String(desk.ready['token'])}
logs  ${logFolder}${database ? `\ndatabase  ${shared.DATABASE_URL}` : ''}

Press "Request refund" in the shop, copy the code, and paste it at the desk. Ctrl-C ends everything.

ready`)
}

/** Ends what was started, last first; however often it is called. */
function end(code: number): Promise<void> {
  ending ??= (async () => {
    process.exitCode = code
    for (const each of running) await each.stop()
    process.exit(code)
  })()
  return ending
}
