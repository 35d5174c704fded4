import type { Plugin } from 'vite'
import type { CarryOptions } from './plugin/CarryOptions.ts'
import { checkCarryOptions } from './plugin/checkCarryOptions.ts'
import { createBuildCarrier } from './plugin/createBuildCarrier.ts'
import { packageOf } from './plugin/createSourceFilter.ts'
import { describePlaces } from './plugin/describeBuild.ts'
import { fileOf } from './plugin/fileOf.ts'
import { rollupHooks } from './plugin/rollupHooks.ts'

export type { CarryOptions } from './plugin/CarryOptions.ts'

/**
 * A plugin for Vite that makes the async functions of client code carry, workers' among it, in development as in the build. It runs
 * after what makes JavaScript of `.vue`, `.svelte` and `.tsx` files, wherever it stands among the plugins.
 *
 * A classic worker stays as it is in development, where Vite serves it unbundled and it cannot import.
 *
 * @example plugins: [react(), carry({ include: ['ky'] })]
 */
export function carry(options?: CarryOptions): Plugin {
  const checked = checkCarryOptions(options)
  const told = new Set<string>()
  let root = process.cwd()
  let cacheFolder = ''
  let carrier = createBuildCarrier(checked, root)
  let isServing = false
  let hasFailed = false
  let say = (_line: string): void => {}

  const hooks = rollupHooks({
    carrier: () => carrier,
    onCarried(id, { record }) {
      if (!isServing) return
      const news = describePlaces(id, record, root).filter((place) => !told.has(place))
      for (const place of news) {
        told.add(place)
        say(`[waybill] carry: left alone: ${place}`)
      }
    },
  })
  const transform: typeof hooks.transform = {
    ...hooks.transform,
    handler(code, id, meta) {
      // What was optimised was carried before that, or is not to carry.
      const stays = CLASSIC_WORKER.test(id) || (cacheFolder !== '' && fileOf(id).startsWith(`${cacheFolder}/`))
      return stays ? null : hooks.transform.handler.call(this, code, id, meta)
    },
  }
  const inWorkers: Plugin = {
    name: 'waybill:carry:worker',
    enforce: 'post',
    resolveId: hooks.resolveId,
    transform,
    buildEnd() {
      carrier.hasModules(this.getModuleIds())
    },
  }
  const { include, exclude } = checked
  const inPackages: typeof transform = {
    ...hooks.transform,
    handler(code, id, meta) {
      // The optimizer also goes through the app's sources, in search of what to optimise.
      return packageOf(fileOf(id)) === undefined ? null : hooks.transform.handler.call(this, code, id, meta)
    },
  }
  const inOptimizer = {
    // Vite keeps what it has optimised until a name among the plugins is another, so the options are in it.
    name: `waybill:carry ${JSON.stringify({ include, exclude: exclude.map(String) })}`,
    resolveId: hooks.resolveId,
    transform: inPackages,
  }

  return {
    name: 'waybill:carry',
    enforce: 'post',
    applyToEnvironment: ({ config }) => config.consumer === 'client',
    config: () => ({
      worker: { plugins: () => [inWorkers] },
      ...(include.length > 0 && { optimizeDeps: { rolldownOptions: { plugins: [inOptimizer] } } }),
    }),
    configResolved(config) {
      root = config.root
      cacheFolder = fileOf(config.cacheDir)
      carrier = createBuildCarrier(checked, root)
      isServing = config.command === 'serve'
      say = checked.log ?? ((line) => config.logger.info(line))
    },
    resolveId: hooks.resolveId,
    transform,
    buildEnd(error) {
      hasFailed = error !== undefined
      if (!isServing) carrier.hasModules(this.getModuleIds())
    },
    // When all is written, to stand at the end of the log.
    closeBundle() {
      if (isServing || hasFailed) return
      const { line, warning } = carrier.endBuild()
      if (warning !== undefined) this.warn(warning)
      if (line !== undefined) say(line)
    },
  }
}

const CLASSIC_WORKER = /[?&]worker_file&type=classic(?:&|$)/
