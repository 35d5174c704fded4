import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { preview } from 'vite'
import { oncePerRun } from '../../oncePerRun.ts'

const house = join(import.meta.dirname, '..', '..', '..')
const execute = promisify(execFile)

/** Packages as `npm publish` would pack them, each built by its own `prepack`: all of them once in a run of tests, for they build in place. */
export async function packPackages(names: readonly string[]): Promise<PackedPackages> {
  const folder = await oncePerRun('packed', (destination) => {
    const workspaces = readdirSync(join(house, 'packages')).flatMap((name) => ['--workspace', `@waybill/${name}`])
    return run('npm', ['pack', ...workspaces, '--pack-destination', destination, '--loglevel=error'], house)
  })
  const tarballs = readdirSync(folder).map((file): [string, string] => [
    file.replace(/^waybill-(.+)-\d+\.\d+\.\d+.*\.tgz$/, '$1'),
    `file:${join(folder, file)}`,
  ])
  const wanted = tarballs.filter(([name]) => names.includes(name))
  return { tarballs: Object.fromEntries(wanted.map(([name, file]) => [`@waybill/${name}`, file])) }
}

export interface PackedPackages {
  /** By the package's name, as npm takes them for a version. */
  readonly tarballs: Readonly<Record<string, string>>
}

/** A Vite React app in a folder of its own: installed from the packed packages, checked by the compiler, built, and served. */
export async function createFreshApp({
  packed,
  versions,
  overrides,
  sources,
  isCarried = false,
}: FreshAppOptions): Promise<FreshApp> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-fresh-app-'))
  const dependencies = { ...packed.tarballs, ...versions }
  const devDependencies = { '@vitejs/plugin-react': installed('@vitejs/plugin-react'), vite: installed('vite') }
  const settings = { name: 'fresh-app', private: true, type: 'module', dependencies, devDependencies, overrides }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(settings))
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'], folder)
  const scripts = typeof sources === 'function' ? await sources(folder) : sources
  const files = {
    'tsconfig.json': JSON.stringify({ compilerOptions: COMPILER, include: ['*.tsx'] }),
    'vite.config.js': isCarried ? CARRIED_CONFIG : CONFIG,
    ...scripts,
    ...Object.fromEntries(Object.keys(scripts).map((name) => [name.replace(/\.tsx$/, '.html'), page(name)])),
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  await run(process.execPath, [join(house, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', folder], folder)
  // So that React says what it has against the components.
  const vite = [join(folder, 'node_modules', 'vite', 'bin', 'vite.js'), 'build']
  const built = await run(process.execPath, vite, folder, { NODE_ENV: 'development' })
  const server = await preview({
    root: folder,
    configFile: false,
    logLevel: 'error',
    preview: { port: 0, host: '127.0.0.1' },
  })
  return {
    folder,
    built,
    url: server.resolvedUrls?.local[0] ?? '',
    async [Symbol.asyncDispose]() {
      await server.close()
      rmSync(folder, { recursive: true })
    },
  }
}

export interface FreshApp extends AsyncDisposable {
  readonly folder: string
  /** What the build printed. */
  readonly built: string
  readonly url: string
}

interface FreshAppOptions {
  readonly packed: PackedPackages
  /** Versions of other packages that the app depends on. */
  readonly versions: Readonly<Record<string, string>>
  /** Versions of what those depend on. */
  readonly overrides?: Readonly<Record<string, string>> | undefined
  /** Scripts by file name, each with a page of its own: `main.tsx` is at `main.html`. Perhaps known only when all is installed. */
  readonly sources: Sources | ((folder: string) => Promise<Sources>)
  /** Whether the app and ky are built with the plugin. @default false */
  readonly isCarried?: boolean
}

type Sources = Readonly<Record<string, string>>

/** The text of a script that lies beside this file. */
export function sourceOf(name: string): string {
  return readFileSync(join(import.meta.dirname, name), 'utf8')
}

/** As strict as applications are; with `skipLibCheck` what is wrong with our declarations would not be seen. */
const COMPILER = {
  strict: true,
  noEmit: true,
  skipLibCheck: false,
  target: 'es2022',
  module: 'esnext',
  moduleResolution: 'bundler',
  jsx: 'react-jsx',
  lib: ['es2023', 'dom', 'dom.iterable'],
  types: ['vite/client'],
}

const CONFIG = `import react from '@vitejs/plugin-react'
import { globSync } from 'node:fs'
export default { plugins: [react()], build: { rolldownOptions: { input: globSync('*.html') } } }
`

const CARRIED_CONFIG = `import { carry } from '@waybill/carry/vite'
${CONFIG.replace('plugins: [react()]', "plugins: [carry({ include: ['ky'] }), react()]")}`

const page = (script: string): string =>
  `<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="/${script}"></script>`

/** The version this repository has, which npm has at hand. */
export function installed(name: string): string {
  const text = readFileSync(join(house, 'node_modules', name, 'package.json'), 'utf8')
  return String(JSON.parse(text).version)
}

/** Runs a command, on the Node that runs this; what it prints of a fault is in the error. */
export async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<string> {
  const path = [dirname(process.execPath), process.env['PATH']].join(delimiter)
  const own = Object.entries(process.env).filter(([name]) => !/^(?:NODE_ENV|NODE_OPTIONS|VITEST.*)$/.test(name))
  const env = { ...Object.fromEntries(own), PATH: path, ...environment }
  try {
    const shell = process.platform === 'win32'
    const { stdout } = await execute(command, args, { cwd, env, shell, maxBuffer: 64 * 1024 * 1024 })
    return stdout
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error })
  }
}
