import { readdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Machine } from './findProgram.ts'

/** The path of a font's file, by its name, anywhere below the folders in which systems keep fonts. */
export function findFont(file: string, { root = '', environment = process.env }: Machine = {}): string | undefined {
  const home = environment['HOME'] ?? homedir()
  const folders = [
    '/usr/share/fonts',
    '/usr/local/share/fonts',
    join(home, '.fonts'),
    join(home, '.local', 'share', 'fonts'),
    '/Library/Fonts',
    '/System/Library/Fonts',
    join(home, 'Library', 'Fonts'),
    join(environment['WINDIR'] ?? String.raw`C:\Windows`, 'Fonts'),
  ]
  return folders.map((folder) => below(root === '' ? folder : join(root, folder), file)).find(Boolean)
}

function below(folder: string, file: string): string | undefined {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    const found = entries.filter(({ name }) => name === file).map(({ parentPath }) => join(parentPath, file))
    // A link whose font is gone is none.
    return found.find((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
  } catch {
    return undefined
  }
}
