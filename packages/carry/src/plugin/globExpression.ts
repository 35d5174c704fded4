/**
 * What a glob matches, and all that lies under it. It knows `*`, `**`, `?` and `{a,b}`; brackets are themselves, for they are in
 * the names of routes: `app/orders/[id]`.
 */
export function globExpression(glob: string): RegExp {
  const path = glob.replaceAll('\\', '/').replace(/^\.\//, '').replace(/\/$/, '')
  const alternatives = path.replace(/\{([^{}]*)\}|[^{}]+|[{}]/g, (part, list: string | undefined) =>
    list === undefined ? plain(part) : `(?:${list.split(',').map(plain).join('|')})`,
  )
  return new RegExp(`^${alternatives}(?:/.*)?$`)
}

const plain = (text: string): string =>
  text.replace(/\*\*\/|\*\*|[*?.+^${}()|[\]\\]/g, (part) => WILDCARDS[part] ?? `\\${part}`)

const WILDCARDS: Readonly<Record<string, string>> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' }
