import { findProgram } from './findProgram.ts'
import type { Machine } from './findProgram.ts'

/** The path of Xvfb, a screen in memory: WebKit's GTK port has no headless mode. */
export function findXvfb(machine?: Machine): string | undefined {
  return findProgram({ names: ['Xvfb'], installed: [] }, machine)
}
