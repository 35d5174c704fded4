import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import type { Loader, Plugin } from 'esbuild'
import type { CarryOptions } from './plugin/CarryOptions.ts'
import { checkCarryOptions } from './plugin/checkCarryOptions.ts'
import { createBuildCarrier } from './plugin/createBuildCarrier.ts'
import { languagesOf } from './plugin/languagesOf.ts'
import { IS_RUNTIME, runtimeFile } from './plugin/runtimeFile.ts'

export type { CarryOptions } from './plugin/CarryOptions.ts'

/**
 * A plugin for esbuild that makes async functions carry. Put it last: esbuild lets only the first plugin that loads a file have it, so
 * files that another plugin loads stay as they are, and of a file that this one loads the plugins after it see nothing. It loads only
 * files of which a function carries. A build whose `platform` is `node` stays as it is.
 *
 * @example plugins: [carry({ include: ['ky'] })]
 */
export function carry(options?: CarryOptions): Plugin {
  const checked = checkCarryOptions(options)
  return {
    name: 'waybill:carry',
    setup(build) {
      const { absWorkingDir = process.cwd(), loader: loaders = {}, logLevel = 'info', platform } = build.initialOptions
      if (platform === 'node') return
      const carrier = createBuildCarrier(checked, absWorkingDir)
      const isHeard = logLevel === 'info' || logLevel === 'debug' || logLevel === 'verbose'
      const say = checked.log ?? (isHeard ? (line: string) => console.log(line) : () => {})
      build.onResolve({ filter: IS_RUNTIME }, () => ({ path: runtimeFile, sideEffects: false }))
      build.onLoad({ filter: /\.[cm]?[jt]sx?$/ }, async ({ path, suffix, with: attributes }) => {
        carrier.hasModules([path])
        // With a query or an attribute a file may be meant as something other than code.
        if (suffix !== '' || Object.keys(attributes).length > 0 || !carrier.wants(path)) return undefined
        const loader = loaders[extname(path)] ?? LOADERS[extname(path)]
        if (loader === undefined || !CODE.has(loader)) return undefined
        const code = await readFile(path, 'utf8')
        const isUsual = loader === LOADERS[extname(path)]
        const languages = [...(isUsual ? [] : [loader]), ...languagesOf(path, 'original')]
        const source = carrier.carry(code, { id: path, languages })?.source
        if (!source) return undefined
        const map = Buffer.from(JSON.stringify(source.map)).toString('base64')
        const comment = `\n//# sourceMappingURL=data:application/json;base64,${map}`
        return { contents: source.code + comment, loader, watchFiles: [path] }
      })
      build.onEnd(({ errors }) => {
        if (errors.length > 0) return undefined
        const { line, warning } = carrier.endBuild()
        if (line !== undefined) say(line)
        return warning === undefined ? undefined : { warnings: [{ text: warning }] }
      })
    },
  }
}

/** esbuild's own. */
const LOADERS: Readonly<Record<string, Loader>> = {
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
  '.jsx': 'jsx',
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
}
const CODE: ReadonlySet<Loader> = new Set<Loader>(['js', 'jsx', 'ts', 'tsx'])
