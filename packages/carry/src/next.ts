import { join } from 'node:path'
import type { CarryOptions } from './plugin/CarryOptions.ts'
import { OF_INTEREST } from './plugin/carryModule.ts'
import { checkCarryOptions } from './plugin/checkCarryOptions.ts'
import type { CheckedCarryOptions } from './plugin/checkCarryOptions.ts'
import { createWebpackPlugin } from './plugin/createWebpackPlugin.ts'
import { packageOf } from './plugin/createSourceFilter.ts'
import { describeBuild, describeUnmet } from './plugin/describeBuild.ts'
import { keptRecords } from './plugin/keptRecords.ts'
import type { CarryLoaderOptions } from './plugin/webpackLoader.ts'

export type { CarryOptions } from './plugin/CarryOptions.ts'

/**
 * A Next.js configuration under which async functions carry in the browser's bundles, built by Turbopack or webpack. The server's stay
 * as they are.
 *
 * With Turbopack, React Compiler does not memoise components that hold an async function which awaits; with webpack it does.
 *
 * @example export default withCarry(nextConfig, { include: ['ky'] })
 */
export function withCarry<const Config extends NextConfig>(nextConfig: Config, options?: CarryOptions): Config {
  const checked = checkCarryOptions(options)
  if (typeof nextConfig !== 'function') return withRules(nextConfig, checked) as Config
  const made = async (...args: readonly unknown[]) =>
    withRules(
      await (nextConfig as (...args: readonly unknown[]) => NextOptions | Promise<NextOptions>)(...args),
      checked,
    )
  return made as unknown as Config
}

/** What `next.config.ts` may export. */
type NextConfig = object | ((...args: never[]) => object | Promise<object>)

/** What of it is read here. */
interface NextOptions {
  readonly distDir?: string
  readonly reactCompiler?: unknown
  readonly webpack?: ((config: WebpackOptions, context: WebpackContext) => WebpackOptions) | null
  readonly turbopack?: { readonly rules?: Readonly<Record<string, unknown>> }
  readonly compiler?: { readonly runAfterProductionCompile?: (build: ProductionBuild) => unknown }
}

interface WebpackOptions {
  plugins?: unknown[]
}

interface WebpackContext {
  readonly isServer: boolean
  readonly dev: boolean
}

interface ProductionBuild {
  readonly projectDir: string
  readonly distDir: string
}

function withRules(config: NextOptions, checked: CheckedCarryOptions): NextOptions {
  const { include, exclude, log = (line: string) => console.log(line) } = checked
  const recordsFolder = join(config.distDir ?? '.next', 'cache', 'waybill-carry')
  const loaderOptions: CarryLoaderOptions = {
    include,
    exclude: exclude.map((each) => (typeof each === 'string' ? each : { source: each.source, flags: each.flags })),
    recordsFolder,
  }
  const isOwn = { not: 'foreign' }
  const rule = {
    condition: {
      all: [
        'browser',
        { content: OF_INTEREST },
        include.length === 0 ? isOwn : { any: [isOwn, { path: pathIn(include) }] },
      ],
    },
    loaders: [{ loader: '@waybill/carry/webpack', options: loaderOptions }],
  }
  const rules = config.turbopack?.rules ?? {}
  return {
    ...config,
    turbopack: {
      ...config.turbopack,
      rules: { ...rules, [FILES]: FILES in rules ? [rules[FILES], rule].flat() : rule },
    },
    webpack(options, context) {
      const made = config.webpack?.(options, context) ?? options
      if (context.isServer) return made
      const plugin = createWebpackPlugin({ ...checked, log: () => {} }, context.dev ? undefined : recordsFolder)
      return { ...made, plugins: [...(made.plugins ?? []), plugin] }
    },
    compiler: {
      ...config.compiler,
      async runAfterProductionCompile(build) {
        await config.compiler?.runAfterProductionCompile?.(build)
        const records = keptRecords(join(build.projectDir, recordsFolder))
        log(describeBuild(records, build.projectDir))
        if (config.reactCompiler && process.env['TURBOPACK']) log(UNCOMPILED)
        const met = new Set([...records.keys()].map((file) => packageOf(file) ?? ''))
        const unmet = describeUnmet(include, met)
        if (unmet !== undefined) console.warn(unmet)
      },
    },
  }
}

/** Turbopack has its React Compiler after loaders, and that compiles no component in which there is a `finally`. */
const UNCOMPILED =
  '[waybill] carry: Turbopack runs React Compiler last, which then does not memoise components that hold an async function which awaits. Move those functions out of their components, or build by `next build --webpack`, where both work.'

const FILES = '*.{js,jsx,ts,tsx,mjs,cjs,mts,cts}'

function pathIn(packages: readonly string[]): RegExp {
  return new RegExp(`(?:^|/)node_modules/(?:${packages.map((name) => name.replaceAll('.', '\\.')).join('|')})/`)
}
