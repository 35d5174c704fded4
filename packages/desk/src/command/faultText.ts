/** An error as a command prints it, with the database it is about, by the name that may be shown. */
export function faultText(error: unknown, shown: string): string {
  const message = error instanceof Error ? error.message : String(error)
  if (message.startsWith('[waybill]')) return message
  const isSqlite = error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR'
  return isSqlite
    ? `[waybill] The database ${shown} cannot be opened (${message}). Check that its folder exists, may be written to, and that the file is one of the desk's.`
    : `[waybill] The database ${shown} cannot be used (${message}).`
}
