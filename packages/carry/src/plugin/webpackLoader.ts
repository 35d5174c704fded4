// oxlint-disable oxc/no-this-in-exported-function, no-underscore-dangle -- so does webpack give a loader what it needs
import { dirname, isAbsolute, join, relative } from 'node:path'
import remapping from '@jridgewell/remapping'
import type { SourceMapInput } from '@jridgewell/remapping'
import type { LoaderContext } from 'webpack'
import { carryModule } from './carryModule.ts'
import type { CarryRecord } from './carryModule.ts'
import { checkCarryOptions } from './checkCarryOptions.ts'
import { createSourceFilter } from './createSourceFilter.ts'
import { keepRecord } from './keptRecords.ts'
import { languagesOf } from './languagesOf.ts'
import { runtimeFile } from './runtimeFile.ts'

/**
 * The loader by itself, for what takes webpack's loaders but not its plugins. Also reads files that other loaders have compiled.
 */
export default function carryLoader(this: LoaderContext<CarryLoaderOptions>, code: string, map?: SourceMapInput): void {
  const { include, exclude = [], recordsFolder } = this.getOptions()
  const expressions = exclude.map((each) => (typeof each === 'string' ? each : new RegExp(each.source, each.flags)))
  const wants = createSourceFilter(checkCarryOptions({ include, exclude: expressions }), this.rootContext)
  const file = this.resourcePath
  // Loaders run from the last to the first; where this one is the first, others have run.
  const isCompiled = this.loaderIndex === 0 && this.loaders.length > 1
  const carried = wants(file)
    ? carryModule(code, {
        id: file,
        languages: languagesOf(this.resource, isCompiled ? 'compiled' : 'original'),
        mapSoFar: () => (typeof map === 'object' && map !== null ? map : undefined),
        runtime: specifierFrom(file),
      })
    : undefined
  if (carried) {
    // Kept with the module in webpack's cache, for builds in which no loader runs.
    if (this._module?.buildInfo) Object.assign(this._module.buildInfo, { waybillCarry: carried.record })
    if (recordsFolder !== undefined) keepRecord(join(this.rootContext, recordsFolder), file, carried.record)
  }
  if (!carried?.source) return this.callback(null, code, map as never)
  const { code: text, map: ownMap } = carried.source
  return this.callback(null, text, (map ? remapping([ownMap, map], () => null) : ownMap) as never)
}

export interface CarryLoaderOptions {
  readonly include?: readonly string[] | undefined
  /** An expression as an object where options have to be JSON. */
  readonly exclude?: readonly (string | { readonly source: string; readonly flags: string })[] | undefined
  /** From the project's root: where records of modules are kept, where no plugin can ask for them. */
  readonly recordsFolder?: string | undefined
}

/** What webpack keeps of a module. */
export interface CarriedBuildInfo {
  readonly waybillCarry?: CarryRecord
}

/** The runtime, as the file imports it. Relative, because not every package can see this one by its name. */
function specifierFrom(file: string): string {
  const path = relative(dirname(file), runtimeFile).replaceAll('\\', '/')
  return isAbsolute(path) || path.startsWith('.') ? path : `./${path}`
}
