import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Hono } from 'hono'
import type { Context } from 'hono'

/** Serves the built page at `/`, `/trail/{anything}`, `/customer/{person}`, `/map` and `/log`, and its assets. */
export function servePage({ folder = BUILT }: PageOptions = {}): Hono {
  async function index(context: Context): Promise<Response> {
    const html = await read(folder, 'index.html')
    return html ? context.body(html, 200, { ...DOCUMENT, 'cache-control': 'no-cache' }) : context.html(NOT_BUILT, 503)
  }
  const page = new Hono()
  page.get('/', (context) => index(context))
  page.get('/trail/:anything{[^]+}', (context) => index(context))
  page.get('/customer/:person', (context) => index(context))
  page.get('/map', (context) => index(context))
  page.get('/log', (context) => index(context))
  page.get('/assets/:name{[\\w.-]+}', async (context) => {
    const name = context.req.param('name')
    const type = TYPES[extname(name)]
    const bytes = type ? await read(folder, `assets/${name}`) : null
    if (!type || !bytes) return context.notFound()
    // The name holds a hash of the content, so it never changes.
    const headers = { 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' }
    return context.body(bytes, 200, { ...headers, 'x-content-type-options': 'nosniff' })
  })
  return page
}

export interface PageOptions {
  /** Where the built page lies, a URL that ends in a slash. @default the package’s dist/site */
  readonly folder?: URL | undefined
}

/** The same from `src` and from `dist`. */
const BUILT = new URL('../dist/site/', import.meta.url)

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const DOCUMENT = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  // The address of a trail holds its reference, which is nobody else's business.
  'referrer-policy': 'no-referrer',
}

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Waybill desk</title>
<body><h1>The page is not built yet</h1><p>The desk takes steps in and answers its API. For this page run
<code>npm run build:page --workspace @waybill/desk</code>, then load it again.</p></body></html>`

async function read(folder: URL, name: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await readFile(fileURLToPath(new URL(name, folder)))
  } catch {
    return null
  }
}
