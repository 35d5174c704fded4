import { OF_INTEREST } from './carryModule.ts'
import type { CarriedModule, CarriedText } from './carryModule.ts'
import type { BuildCarrier } from './createBuildCarrier.ts'
import { languagesOf, languagesOfType } from './languagesOf.ts'
import { IS_RUNTIME, runtimeFile } from './runtimeFile.ts'

/** The hooks that the plugins of Rollup, Rolldown and Vite have in common. */
export function rollupHooks({ carrier, onCarried }: RollupHooksOptions): RollupHooks {
  return {
    resolveId: {
      filter: { id: IS_RUNTIME },
      handler: (source) => (IS_RUNTIME.test(source) ? { id: runtimeFile, moduleSideEffects: false } : null),
    },
    transform: {
      filter: { code: OF_INTEREST },
      handler(code, id, meta) {
        if (!carrier().wants(id)) return null
        const { moduleType } = (meta ?? {}) as { readonly moduleType?: string }
        const languages = moduleType === undefined ? languagesOf(id, 'compiled') : languagesOfType(id, moduleType)
        if (languages.length === 0) return null
        const carried = carrier().carry(code, { id, languages, mapSoFar: () => this.getCombinedSourcemap() })
        if (carried) onCarried?.(id, carried)
        return carried?.source ?? null
      },
    },
  }
}

interface RollupHooksOptions {
  /** Of the build that runs. */
  readonly carrier: () => BuildCarrier
  readonly onCarried?: ((id: string, carried: CarriedModule) => void) | undefined
}

/** Typed by what is used of it, so that it fits each of them. */
export interface RollupHooks {
  readonly resolveId: {
    filter: { id: RegExp }
    handler: (source: string) => { id: string; moduleSideEffects: boolean } | null
  }
  readonly transform: {
    filter: { code: RegExp }
    handler: (
      this: { getCombinedSourcemap: () => object },
      code: string,
      id: string,
      /** Rolldown's and Vite's has the type of the module. */
      meta?: object,
    ) => CarriedText | null
  }
}
