import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { visitOf } from './visitOf.ts'

/** The built web app: its files as they are, and its one page for every other path, with the public browser key filled in. */
export async function webPages({ folder, browserKey }: { folder: string; browserKey: string }): Promise<Hono> {
  const page = (await readFile(join(folder, 'index.html'), 'utf8')).replace('%WAYBILL_BROWSER_KEY%', browserKey)
  return new Hono()
    .use('/assets/*', serveStatic({ root: folder }))
    .get('/icon.svg', serveStatic({ root: folder }))
    .get('*', (context) => {
      visitOf(context)
      return context.html(page, 200, { 'cache-control': 'no-cache' })
    })
}
