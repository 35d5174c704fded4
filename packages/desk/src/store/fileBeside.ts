import { existsSync, realpathSync } from 'node:fs'

/** Where a file that belongs to a database lies, such as `waybill.db.lock`: beside the database itself, by whichever of its names it was opened. */
export function fileBeside(databaseFile: string, ending: '.access' | '.days' | '.keys' | '.lock' | '.secret'): string {
  return (existsSync(databaseFile) ? realpathSync(databaseFile) : databaseFile) + ending
}
