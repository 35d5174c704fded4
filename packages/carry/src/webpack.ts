import type { CarryOptions } from './plugin/CarryOptions.ts'
import { checkCarryOptions } from './plugin/checkCarryOptions.ts'
import { createWebpackPlugin } from './plugin/createWebpackPlugin.ts'
import type { CarryWebpackPlugin } from './plugin/createWebpackPlugin.ts'

export type { CarryOptions } from './plugin/CarryOptions.ts'
export type { CarryWebpackPlugin } from './plugin/createWebpackPlugin.ts'
export { default } from './plugin/webpackLoader.ts'

/**
 * A plugin for webpack that makes async functions carry. It runs after all loaders. A compilation for Node.js stays as it is.
 *
 * @example plugins: [carry({ include: ['ky'] })]
 */
export function carry(options?: CarryOptions): CarryWebpackPlugin {
  return createWebpackPlugin(checkCarryOptions(options))
}
