/** The name that an agent gave last, which this browser remembers; '' when there is none. */
export function rememberedName(): string {
  try {
    return localStorage.getItem(NAME) ?? ''
  } catch {
    return ''
  }
}

export function rememberName(name: string): void {
  try {
    localStorage.setItem(NAME, name)
  } catch {
    // Without storage they give it again.
  }
}

const NAME = 'waybill-desk.own-name'
