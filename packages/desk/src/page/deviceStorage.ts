/** A text that this browser keeps for the page; null where there is none, or where storage is refused. */
export function readStored(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}

/** Keeps a text; null removes it. Where storage is refused, what was chosen lasts as long as the page shows it. */
export function writeStored(name: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(name)
    else localStorage.setItem(name, text)
  } catch {
    // Refused, or full.
  }
}

/** What was kept for this person; undefined where there is nothing. Another's is removed by being looked for. */
export function readOwned(name: string, who: string): unknown {
  const stored = readStored(name)
  if (stored === null) return undefined
  const { who: owner, value }: Readonly<Record<string, unknown>> = Object(parsed(stored))
  if (owner === who) return value
  writeStored(name, null)
  return undefined
}

export function writeOwned(name: string, who: string, value: unknown): void {
  writeStored(name, JSON.stringify({ who, value }))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
