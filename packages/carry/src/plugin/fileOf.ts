/** The file of a module's id, with `/` on Windows, too. Bundlers write after a `?` how it was imported or which part of it this is. */
export function fileOf(id: string): string {
  return id.replace(/\?.*$/s, '').replaceAll('\\', '/')
}
