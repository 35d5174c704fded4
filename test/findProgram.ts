import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The path of a program on a machine, from its environment variable, the PATH, or where installers put it. */
export function findProgram(
  { names, variable, installed }: Program,
  { root = '', environment = process.env }: Machine = {},
): string | undefined {
  const named = variable === undefined ? undefined : environment[variable]
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const onPath = folders.flatMap((folder) => names.map((name) => join(folder, name)))
  const files = [...(named ? [named] : []), ...onPath, ...installed]
  return files.map((file) => (root === '' ? file : join(root, file))).find((file) => existsSync(file))
}

/** Windows' folder for programs. */
export const PROGRAM_FILES = process.env['PROGRAMFILES'] ?? String.raw`C:\Program Files`

export interface Program {
  readonly names: readonly string[]
  /** The environment variable that names the program's file. */
  readonly variable?: string
  /** Where installers put it. */
  readonly installed: readonly string[]
}

/** Where to look. */
export interface Machine {
  /** A folder that stands for the root of the file system. @default the root itself */
  readonly root?: string
  /** @default this process's own */
  readonly environment?: NodeJS.ProcessEnv
}
