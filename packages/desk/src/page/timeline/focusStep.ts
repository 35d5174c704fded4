/**
 * Shows one step in the time line: unfolds what it stands under, opens it and gives it focus. The address then names it, so that it
 * can be handed on.
 */
export function focusStep(id: string): void {
  // A navigation to the fragment would be taken for one to another page: the desk looks everything up again when it sees one.
  history.replaceState(history.state, '', stepAddress(id))
  dispatchEvent(new HashChangeEvent('hashchange'))
}

/** The address of a step within its trail's page. */
export function stepAddress(id: string): string {
  return `#${PREFIX}${encodeURIComponent(id)}`
}

/** The id that such an address names, or null. */
export function stepIn(address: string): string | null {
  if (!address.startsWith(`#${PREFIX}`)) return null
  try {
    return decodeURIComponent(address.slice(PREFIX.length + 1))
  } catch {
    return null
  }
}

const PREFIX = 'step-'
