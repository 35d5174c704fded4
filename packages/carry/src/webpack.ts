import { fileURLToPath } from 'node:url'
import remapping from '@jridgewell/remapping'
import type { SourceMapInput } from '@jridgewell/remapping'
import type { Compiler, LoaderContext } from 'webpack'
import type { CarryOptions } from './plugin/CarryOptions.ts'
import { carryModule } from './plugin/carryModule.ts'
import type { CarryRecord } from './plugin/carryModule.ts'
import { checkCarryOptions } from './plugin/checkCarryOptions.ts'
import { createSourceFilter } from './plugin/createSourceFilter.ts'
import { describeBuild, describeUnmet } from './plugin/describeBuild.ts'
import { languagesOf } from './plugin/languagesOf.ts'
import { metPackages } from './plugin/metPackages.ts'
import { RUNTIME, runtimeFile } from './plugin/runtimeFile.ts'

export type { CarryOptions } from './plugin/CarryOptions.ts'

/**
 * A plugin for webpack that makes async functions carry. Its loader runs after all others. A compilation for Node.js stays as it is.
 *
 * @example plugins: [carry({ include: ['ky'] })]
 */
export function carry(options?: CarryOptions): CarryWebpackPlugin {
  const { include, exclude, log } = checkCarryOptions(options)
  return {
    apply(compiler) {
      const { node, web } = compiler.platform
      if (node === true && web !== true) return
      const root = compiler.context
      const wants = createSourceFilter({ include, exclude }, root)
      const rule = { loader: fileURLToPath(import.meta.url), options: { include, exclude } }
      compiler.options.module.rules.push({ ...rule, enforce: 'post', resource: (file) => CODE.test(file) && wants(file) })
      compiler.hooks.normalModuleFactory.tap(NAME, (factory) => {
        factory.hooks.beforeResolve.tap(NAME, (data) => {
          if (data.request === RUNTIME) data.request = runtimeFile
        })
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
          if (unmet !== undefined) compilation.warnings.push(new compiler.webpack.WebpackError(unmet))
        })
      })
      compiler.hooks.done.tap(NAME, (stats) => {
        if (stats.hasErrors() || line === lastLine) return
        lastLine = line
        if (log) log(line)
        else compiler.getInfrastructureLogger(NAME).info(line)
      })
    },
  }
}

export interface CarryWebpackPlugin {
  readonly apply: (compiler: Compiler) => void
}

/**
 * The loader by itself, for what takes webpack's loaders but not its plugins. It takes `include` and `exclude`. There, the runtime is
 * found by its name from each file that carries.
 */
export default function carryLoader(this: LoaderContext<CarryOptions>, code: string, map?: SourceMapInput): void {
  const wants = createSourceFilter(checkCarryOptions(this.getOptions()), this.rootContext)
  const id = this.resourcePath
  // Loaders run from the last to the first; where this one is first, the others have run.
  const isCompiled = this.loaderIndex === 0 && this.loaders.length > 1
  const languages = languagesOf(this.resource, isCompiled ? 'compiled' : 'original')
  const mapSoFar = () => (typeof map === 'object' && map !== null ? map : undefined)
  const carried = wants(id) ? carryModule(code, { id, languages, mapSoFar }) : undefined
  // Kept with the module in webpack's cache, for builds in which no loader runs.
  if (carried && this._module) Object.assign((this._module.buildInfo ??= {}), { waybillCarry: carried.record })
  if (!carried?.source) return this.callback(null, code, map as never)
  const ownMap = carried.source.map
  this.callback(null, carried.source.code, (map ? remapping([ownMap, map], () => null) : ownMap) as never)
}

interface CarriedBuildInfo {
  readonly waybillCarry?: CarryRecord
}

const NAME = 'waybill:carry'

/** Other files may be no text. */
const CODE = /\.(?:[cm]?[jt]sx?|vue|svelte|astro|mdx?)$/
