/** Copies `text` and says truthfully what came of it: `copied` only when the browser confirmed it. */
export async function copyText(text: string): Promise<'copied' | 'missing' | 'refused'> {
  // Insecure origins have no clipboard, policies and sandboxed frames refuse it.
  const isMissing = typeof navigator === 'undefined' || !navigator.clipboard
  if (!isMissing) {
    try {
      // Some never answer.
      const late = new Promise((_, reject) => setTimeout(reject, LONGEST_WAIT_MS))
      await Promise.race([navigator.clipboard.writeText(text), late])
      return 'copied'
    } catch {
      // The command below needs no permission.
    }
  }
  if (copyByCommand(text)) return 'copied'
  return isMissing ? 'missing' : 'refused'
}

/** The copy command needs the customer's click, which soon counts no longer. */
const LONGEST_WAIT_MS = 1000

/** The command's own result is not enough: some browsers return true without having asked anybody for data. */
function copyByCommand(text: string): boolean {
  if (typeof document === 'undefined') return false
  let isAsked = false
  const answer = (event: ClipboardEvent): void => {
    event.clipboardData?.setData('text/plain', text)
    event.preventDefault()
    event.stopImmediatePropagation()
    isAsked = event.clipboardData !== null
  }
  document.addEventListener('copy', answer, true)
  try {
    return document.execCommand('copy') && isAsked
  } catch {
    return false
  } finally {
    document.removeEventListener('copy', answer, true)
  }
}
