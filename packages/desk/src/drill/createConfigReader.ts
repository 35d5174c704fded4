/**
 * Reads values that somebody wrote by hand. Nothing throws: what is wrong is put on `problems`, each with the field's name and what
 * to write there, and reading goes on, so that one run tells all of them.
 */
export function createConfigReader() {
  const problems: string[] = []

  const wrong = (path: string, what: string): void => {
    problems.push(`${path || 'The file'}: ${what}`)
  }

  /** An object that has no other keys than these; empty when it is none. */
  function object(value: unknown, path: string, keys: readonly string[]): Fields {
    if (!isObject(value)) {
      wrong(path, `must be an object with ${keys.join(', ')}, and is ${kindOf(value)}.`)
      return {}
    }
    for (const key of Object.keys(value)) {
      if (!keys.includes(key)) wrong(join(path, key), `is not known here. Known are ${keys.join(', ')}.`)
    }
    return value
  }

  function text(value: unknown, path: string, example: string): string {
    if (typeof value === 'string' && value.trim() !== '') return value
    const found = value === undefined ? 'is missing' : value === '' ? 'is empty' : `is ${kindOf(value)}`
    wrong(path, `${found}. Write a text, such as ${JSON.stringify(example)}.`)
    return ''
  }

  function texts(value: unknown, path: string, example: string): Readonly<Record<string, string>> {
    if (value === undefined) return {}
    if (!isObject(value)) {
      wrong(path, `must be an object of texts, such as ${example}, and is ${kindOf(value)}.`)
      return {}
    }
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, text(each, join(path, key), '…')]))
  }

  function list(value: unknown, path: string, example: string): readonly string[] {
    const all = Array.isArray(value) ? value : [value]
    return all.map((each, index) => text(each, Array.isArray(value) ? `${path}[${index}]` : path, example))
  }

  function oneOf<Word extends string>(value: unknown, path: string, words: readonly Word[]): Word | undefined {
    const found = words.find((word) => word === value)
    if (found === undefined) {
      const said =
        value === undefined ? 'is missing' : typeof value === 'string' ? `is "${value}"` : `is ${kindOf(value)}`
      wrong(path, `${said}. Write one of ${words.join(', ')}.`)
    }
    return found
  }

  /** Which one of these keys is there; undefined, with a problem noted, when none or several are. */
  function only<Key extends string>(fields: Fields, path: string, keys: readonly Key[]): Key | undefined {
    const there = keys.filter((key) => fields[key] !== undefined)
    if (there.length === 1) return there[0]
    wrong(path, there.length === 0 ? `needs one of ${keys.join(', ')}.` : `has ${there.join(' and ')}. Keep one.`)
    return undefined
  }

  return { problems, wrong, object, text, texts, list, oneOf, only }
}

export type ConfigReader = ReturnType<typeof createConfigReader>

export type Fields = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
