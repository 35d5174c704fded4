import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Compiler } from 'webpack'
import type { CarryRecord } from './carryModule.ts'
import type { CheckedCarryOptions } from './checkCarryOptions.ts'
import { createSourceFilter } from './createSourceFilter.ts'
import { describeBuild, describeUnmet } from './describeBuild.ts'
import { metPackages } from './metPackages.ts'
import type { CarriedBuildInfo, CarryLoaderOptions } from './webpackLoader.ts'

/** Puts the loader behind all others, and says at the end what became of the modules. */
export function createWebpackPlugin(checked: CheckedCarryOptions, recordsFolder?: string): CarryWebpackPlugin {
  return {
    apply(compiler) {
      // What it builds for is known when all plugins are there.
      compiler.hooks.environment.tap(NAME, () => {
        const { node, web } = compiler.platform
        if (node !== true || web === true) applyForBrowsers(compiler, checked, recordsFolder)
      })
    },
  }
}

export interface CarryWebpackPlugin {
  readonly apply: (compiler: Compiler) => void
}

function applyForBrowsers(
  compiler: Compiler,
  { include, exclude, log }: CheckedCarryOptions,
  recordsFolder: string | undefined,
): void {
  const root = compiler.context
  const wants = createSourceFilter({ include, exclude }, root)
  const options: CarryLoaderOptions = { include, exclude, recordsFolder }
  compiler.options.module.rules.push({
    enforce: 'post',
    resource: (file) => CODE.test(file) && wants(file),
    loader,
    options: { ...options },
  })

  let line = ''
  let lastLine = ''
  compiler.hooks.thisCompilation.tap(NAME, (compilation) => {
    compilation.hooks.finishModules.tap(NAME, (modules) => {
      const records = new Map<string, CarryRecord>()
      const files: string[] = []
      for (const module of modules) {
        const { resource, buildInfo } = module as { resource?: string; buildInfo?: CarriedBuildInfo }
        if (resource === undefined) continue
        files.push(resource)
        if (buildInfo?.waybillCarry) records.set(resource, buildInfo.waybillCarry)
      }
      line = describeBuild(records, root)
      const unmet = describeUnmet(include, metPackages(files, include))
      // Where records are kept, whoever reads them says so.
      if (unmet !== undefined && recordsFolder === undefined)
        compilation.warnings.push(new compiler.webpack.WebpackError(unmet))
    })
  })
  compiler.hooks.done.tap(NAME, (stats) => {
    // Said again only when it has changed while files are watched.
    if (stats.hasErrors() || line === lastLine) return
    lastLine = line
    if (log) log(line)
    else compiler.getInfrastructureLogger(NAME).info(line)
  })
}

const NAME = 'waybill:carry'
const loader = fileURLToPath(new URL(`webpackLoader${extname(import.meta.url)}`, import.meta.url))

/** Others may be no text. */
const CODE = /\.(?:[cm]?[jt]sx?|vue|svelte|astro|mdx?)$/
