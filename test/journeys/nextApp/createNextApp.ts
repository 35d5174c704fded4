import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { installed, run } from '../freshApp/createFreshApp.ts'
import type { PackedPackages } from '../freshApp/createFreshApp.ts'

const house = join(import.meta.dirname, '..', '..', '..')

/** A Next.js app in a folder of its own: our pages' files and those beside this one, installed from the packed packages, built and started. */
export async function createNextApp({ packed, environment }: NextAppOptions): Promise<NextApp> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-next-app-'))
  const dependencies = { ...packed.tarballs, ...VERSIONS, pino: installed('pino') }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'next-app', private: true, dependencies }))
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'], folder)
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER, include: ['**/*.ts?(x)'] }))
  for (const part of ['app', 'lib']) cpSync(join(import.meta.dirname, part), join(folder, part), { recursive: true })
  const [waybill] = filesOf('react/README.md').filter(([path]) => path === 'app/Waybill.tsx')
  for (const [path, text] of [...filesOf('server/NEXT.md'), ...(waybill ? [waybill] : [])]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), path === 'next.config.ts' ? carried(text) : text)
  }

  const env = { ...environment, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' } as const
  const next = join(folder, 'node_modules', 'next', 'dist', 'bin', 'next')
  const built = await run(process.execPath, [next, 'build'], folder, env)

  const log: string[] = []
  const server = spawn(process.execPath, [next, 'start', '--port', '0', '--hostname', '127.0.0.1'], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        log.push(line)
        const at = /Local:\s+(http\S+)/.exec(line)?.[1]
        if (at) resolve(at)
      })
    }
    server.once('exit', (code) => reject(new Error(`next start ended with ${code}:\n${log.join('\n')}`)))
  })
  return {
    folder,
    url,
    built,
    log,
    async [Symbol.asyncDispose]() {
      const ended = once(server, 'exit')
      server.kill()
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

export interface NextApp extends AsyncDisposable {
  readonly folder: string
  readonly url: string
  /** What the build printed. */
  readonly built: string
  /** Lines that the server printed, until now. */
  readonly log: readonly string[]
}

interface NextAppOptions {
  readonly packed: PackedPackages
  readonly environment: Readonly<Record<string, string>>
}

const VERSIONS = {
  next: '16.4.6',
  react: '19.3.0',
  'react-dom': '19.3.0',
  typescript: '5.9.3',
  '@types/node': '24.10.0',
  '@types/react': '19.2.0',
  '@types/react-dom': '19.2.0',
}

/** As `create-next-app` has them. */
const COMPILER = {
  target: 'ES2017',
  lib: ['dom', 'dom.iterable', 'esnext'],
  allowJs: true,
  skipLibCheck: true,
  strict: true,
  noEmit: true,
  esModuleInterop: true,
  module: 'esnext',
  moduleResolution: 'bundler',
  resolveJsonModule: true,
  isolatedModules: true,
  jsx: 'react-jsx',
  incremental: true,
  plugins: [{ name: 'next' }],
}

/** A configuration with the plugin around it. */
function carried(config: string): string {
  return `import { withCarry } from '@waybill/carry/next'\n${config.replace('export default config', 'export default withCarry(config)')}`
}

/** The code of a page of ours whose first line names a file. */
function filesOf(page: string): readonly (readonly [path: string, text: string])[] {
  const text = readFileSync(join(house, 'packages', page), 'utf8')
  return [...text.matchAll(/^```tsx?\n\/\/ ([^\s:,]+\.tsx?)\b[^\n]*\n(.*?)^```$/gms)].map(
    ([, path = '', text = '']) => [path, text],
  )
}
