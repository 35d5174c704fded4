import { findProgram } from './findProgram.ts'
import type { Machine } from './findProgram.ts'

/** The path of WebKit's driver for its GTK port, from `WEBKIT_DRIVER_PATH` or the PATH. It brings its own browser. */
export function findWebKit(machine?: Machine): string | undefined {
  return findProgram({ names: ['WebKitWebDriver'], variable: 'WEBKIT_DRIVER_PATH', installed: [] }, machine)
}
