import { join } from 'node:path'
import { build } from 'vite'

const root = join(import.meta.dirname, '..', '..')

/** Builds the shop's and the desk's pages from source, as they would be shipped. A second or two. */
export async function buildPages(): Promise<void> {
  // Vite bundles for the development build of React unless this says otherwise.
  process.env['NODE_ENV'] = 'production'
  for (const folder of [join(root, 'demo-app', 'web'), join(root, 'packages', 'desk')]) {
    await build({ configFile: join(folder, 'vite.config.ts'), logLevel: 'warn' })
  }
}
