import type { CarryOptions } from './plugin/CarryOptions.ts'
import { checkCarryOptions } from './plugin/checkCarryOptions.ts'
import { createBuildCarrier } from './plugin/createBuildCarrier.ts'
import { rollupHooks } from './plugin/rollupHooks.ts'
import type { RollupHooks } from './plugin/rollupHooks.ts'

export type { CarryOptions } from './plugin/CarryOptions.ts'

/**
 * A plugin for Rollup and Rolldown that makes async functions carry. It runs after what makes JavaScript of a file, wherever it stands
 * among the plugins. A build whose `platform` is `node` stays as it is.
 *
 * @example plugins: [carry({ include: ['ky'] })]
 */
export function carry(options?: CarryOptions): CarryRollupPlugin {
  const checked = checkCarryOptions(options)
  let root = process.cwd()
  let carrier = createBuildCarrier(checked, root)
  const { resolveId, transform } = rollupHooks({ carrier: () => carrier })
  let isForServer = false
  return {
    name: 'waybill:carry',
    buildStart(input) {
      // Rolldown's; Rollup has none.
      const { platform, cwd = root } = input as { readonly platform?: unknown; readonly cwd?: string }
      isForServer = platform === 'node'
      if (cwd !== root) carrier = createBuildCarrier(checked, (root = cwd))
    },
    resolveId,
    transform: {
      ...transform,
      order: 'post',
      handler(code, id, meta) {
        return isForServer ? null : transform.handler.call(this, code, id, meta)
      },
    },
    buildEnd(error) {
      if (error || isForServer) return
      carrier.hasModules(this.getModuleIds())
      const { line, warning } = carrier.endBuild()
      if (warning !== undefined) this.warn(warning)
      if (line === undefined) return
      if (checked.log) checked.log(line)
      else this.info(line)
    },
  }
}

/** Fits `Plugin` of Rollup and of Rolldown. */
export interface CarryRollupPlugin extends Pick<RollupHooks, 'resolveId'> {
  readonly name: string
  readonly transform: RollupHooks['transform'] & { order: 'post' }
  buildStart: (input: object) => void
  buildEnd: (
    this: {
      getModuleIds: () => Iterable<string>
      info: (message: string) => void
      warn: (message: string) => void
    },
    error?: Error,
  ) => void
}
