import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'

const root = join(import.meta.dirname, '..', '..')

/**
 * Builds the shop's and the desk's pages from source, as they would be shipped, into a folder of this run's own: a demo that runs
 * already goes on with its own pages. A second or two.
 */
export async function buildPages(folder: string): Promise<Pages> {
  // Vite bundles React for development unless this says otherwise.
  process.env['NODE_ENV'] = 'production'
  const [shop, desk] = [join(folder, 'shop'), join(folder, 'desk')]
  await buildPage(join(root, 'demo-app', 'web'), shop)
  await buildPage(join(root, 'packages', 'desk'), desk)
  return { shop, desk: `${pathToFileURL(desk).href}/` }
}

export interface Pages {
  /** Path of a folder. */
  readonly shop: string
  /** URL of a folder, with the slash at its end. */
  readonly desk: string
}

function buildPage(folder: string, outDir: string): ReturnType<typeof build> {
  return build({ configFile: join(folder, 'vite.config.ts'), build: { outDir, emptyOutDir: true }, logLevel: 'warn' })
}
