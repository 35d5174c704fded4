import { databaseAddress } from './databaseAddress.ts'
import { fileBeside } from './fileBeside.ts'

/**
 * Where lies what belongs to a desk and not into its database: beside a SQLite file, such as `waybill.db.secret`; where the database is a server,
 * in the folder that the desk was started in, such as `waybill.secret`. Nowhere for a database in memory.
 */
export function deskFile(database: string, ending: '.keys' | '.secret'): string | undefined {
  const address = databaseAddress(database)
  if (address.engine !== 'sqlite') return `waybill${ending}`
  return address.file === ':memory:' ? undefined : fileBeside(address.file, ending)
}
