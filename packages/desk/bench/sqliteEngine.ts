import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CleanUp } from './createCleanUp.ts'
import type { Engine } from './Place.ts'

/** SQLite files in a folder of their own. */
export function sqliteEngine(cleanUp: CleanUp, folder = tmpdir()): Engine {
  return {
    name: 'SQLite',
    async make() {
      const own = mkdtempSync(join(folder, 'waybill-bench-'))
      const remove = cleanUp.add(() => rmSync(own, { recursive: true, force: true }))
      return {
        engine: 'SQLite',
        desk: { database: join(own, 'desk.db') },
        bytes: async () => filesIn(own).reduce((sum, path) => sum + statSync(path).size, 0),
        written: async () => writtenByProcess(),
        writtenIs: 'write_bytes of this process by Linux, logs and checkpoints included',
        remove,
      }
    },
  }
}

export function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

function writtenByProcess(): number | undefined {
  try {
    return Number(/^write_bytes: (\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1])
  } catch {
    return undefined
  }
}
