/** The name that whoever is signed in gave last, which this browser remembers; '' when there is none. Another's is removed. */
export function rememberedName(who: string): string {
  try {
    const stored = localStorage.getItem(NAME)
    if (stored === null) return ''
    const { who: owner, name }: Readonly<Record<string, unknown>> = Object(parsed(stored))
    if (owner === who && typeof name === 'string') return name
    localStorage.removeItem(NAME)
    return ''
  } catch {
    return ''
  }
}

export function rememberName(who: string, name: string): void {
  try {
    localStorage.setItem(NAME, JSON.stringify({ who, name }))
  } catch {
    // Without storage they give it again.
  }
}

export function forgetName(): void {
  try {
    localStorage.removeItem(NAME)
  } catch {
    // The browser refuses storage.
  }
}

const NAME = 'waybill-desk.own-name'

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
