import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { preview } from 'vite'

/** The packages that a shop installs, packed as they are published; dependencies first. */
const PACKAGES = ['reference', 'trail', 'browser', 'react'] as const
const house = join(import.meta.dirname, '..', '..', '..')
const run = promisify(execFile)

/** Packs the packages as `npm publish` would. */
export async function packPackages(): Promise<PackedPackages> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-packed-'))
  const compiler = join(house, 'node_modules', 'typescript', 'bin', 'tsc')
  await run(process.execPath, [compiler, '-b', join('packages', 'react')], { cwd: house })
  const workspaces = PACKAGES.flatMap((name) => ['--workspace', `@waybill/${name}`])
  await npm(['pack', ...workspaces, '--pack-destination', folder], house)
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}

export interface PackedPackages extends Disposable {
  readonly folder: string
}

/** A Vite React app in a folder of its own: installed from the packed packages, built, and served. */
export async function createFreshApp({ packed, react, main }: FreshAppOptions): Promise<FreshApp> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-fresh-app-'))
  const tarballs = readdirSync(packed.folder).map((file) => [
    file.replace(/^waybill-(\w+)-.*/, '@waybill/$1'),
    `file:${join(packed.folder, file)}`,
  ])
  const dependencies = { ...Object.fromEntries(tarballs), react: react, 'react-dom': react }
  const devDependencies = { '@vitejs/plugin-react': installed('@vitejs/plugin-react'), vite: installed('vite') }
  const files = {
    'package.json': JSON.stringify({ name: 'fresh-app', private: true, type: 'module', dependencies, devDependencies }),
    'vite.config.js': CONFIG,
    'index.html': page('main.tsx'),
    'everything.html': page('everything.tsx'),
    'main.tsx': main,
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  cpSync(join(import.meta.dirname, 'everything.tsx'), join(folder, 'everything.tsx'))
  await npm(['install', '--prefer-offline', '--no-audit', '--no-fund'], folder)
  await run(process.execPath, [join(folder, 'node_modules', 'vite', 'bin', 'vite.js'), 'build'], {
    cwd: folder,
    // So that React says what it has against the components.
    env: { ...process.env, NODE_ENV: 'development' },
  })
  const server = await preview({
    root: folder,
    configFile: false,
    logLevel: 'error',
    preview: { port: 0, host: '127.0.0.1' },
  })
  return {
    folder,
    url: server.resolvedUrls?.local[0] ?? '',
    async [Symbol.asyncDispose]() {
      await server.close()
      rmSync(folder, { recursive: true })
    },
  }
}

export interface FreshApp extends AsyncDisposable {
  readonly folder: string
  readonly url: string
}

interface FreshAppOptions {
  readonly packed: PackedPackages
  /** A version range of React. */
  readonly react: string
  /** The app's source. */
  readonly main: string
}

const CONFIG = `import react from '@vitejs/plugin-react'
export default { plugins: [react()], build: { rolldownOptions: { input: ['index.html', 'everything.html'] } } }
`

const page = (script: string): string =>
  `<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="/${script}"></script>`

/** The version this repository has, which npm has at hand. */
function installed(name: string): string {
  const text = readFileSync(join(house, 'node_modules', name, 'package.json'), 'utf8')
  return String(JSON.parse(text).version)
}

async function npm(args: readonly string[], cwd: string): Promise<void> {
  await run('npm', [...args, '--loglevel=error'], { cwd, shell: process.platform === 'win32' })
}
