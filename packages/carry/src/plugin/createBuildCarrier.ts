import { carryModule } from './carryModule.ts'
import type { CarriedModule, CarryRecord, ModuleToCarry } from './carryModule.ts'
import type { CheckedCarryOptions } from './checkCarryOptions.ts'
import { createSourceFilter } from './createSourceFilter.ts'
import type { SourceFilter } from './createSourceFilter.ts'
import { describeBuild, describeUnmet } from './describeBuild.ts'
import { metPackages } from './metPackages.ts'

/** Carries the modules of one build, and of those that follow it while files are watched, and keeps account of them. */
export function createBuildCarrier(options: CheckedCarryOptions, root: string): BuildCarrier {
  const records = new Map<string, CarryRecord>()
  const ids = new Set<string>()
  let lastLine: string | undefined
  return {
    wants: createSourceFilter(options, root),
    carry(code, module) {
      const carried = carryModule(code, module)
      if (carried) records.set(module.id, carried.record)
      else records.delete(module.id)
      return carried
    },
    hasModules(more) {
      for (const id of more) ids.add(id)
    },
    endBuild() {
      const inBuild = new Map([...records].filter(([id]) => ids.has(id)))
      const warning = describeUnmet(options.include, metPackages(ids, options.include))
      ids.clear()
      const line = describeBuild(inBuild, root)
      const isNews = line !== lastLine
      lastLine = line
      return { line: isNews ? line : undefined, warning }
    },
  }
}

export interface BuildCarrier {
  readonly wants: SourceFilter
  readonly carry: (code: string, module: ModuleToCarry) => CarriedModule | undefined
  /** Which modules a build is made of, perhaps in several parts. What is carried of others is not counted. */
  readonly hasModules: (ids: Iterable<string>) => void
  /** What is to be said of the build. Modules of the next one are counted anew. */
  readonly endBuild: () => BuildReport
}

export interface BuildReport {
  /** For the log. Undefined where it is that of the build before, while files are watched. */
  readonly line: string | undefined
  readonly warning: string | undefined
}
