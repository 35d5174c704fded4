/**
 * Copies `text`, which `shown` displays, by the strongest way this page has, and says truthfully what came of it: `copied`
 * only when the browser confirmed it; otherwise `shown` is selected, ready for the customer's own copy command. Undefined
 * where neither is so, because the customer went elsewhere before the browser refused, and is left alone there.
 *
 * The way through `execCommand` selects what is already on the page instead of a hidden text field, because a field outside
 * a modal dialog cannot take the focus.
 */
export async function copyText(text: string, shown: Element): Promise<'copied' | 'selected' | undefined> {
  const { ownerDocument: document } = shown
  const focused = document.activeElement
  try {
    // Some never answer.
    const late = new Promise((_, reject) => setTimeout(reject, LONGEST_WAIT_MS))
    await Promise.race([navigator.clipboard.writeText(text), late])
    return 'copied'
  } catch {
    // No clipboard on an insecure origin; refused by permission, by policy or in a sandboxed frame.
  }
  const selection = document.activeElement === focused ? document.getSelection() : undefined
  const before = selection?.rangeCount ? selection.getRangeAt(0) : undefined
  selection?.selectAllChildren(shown)
  if (!copyByCommand(text, document)) return selection ? 'selected' : undefined
  selection?.removeAllRanges()
  if (before) selection?.addRange(before)
  return 'copied'
}

/** The copy command needs the customer's click, which soon counts no longer. */
const LONGEST_WAIT_MS = 1000

/** The command's own result is not enough: some browsers return true without having asked anybody for data. */
function copyByCommand(text: string, document: Document): boolean {
  let asked = false
  const answer = (event: ClipboardEvent): void => {
    event.clipboardData?.setData('text/plain', text)
    event.preventDefault()
    event.stopImmediatePropagation()
    asked = event.clipboardData !== null
  }
  document.addEventListener('copy', answer, true)
  try {
    return document.execCommand('copy') && asked
  } catch {
    return false
  } finally {
    document.removeEventListener('copy', answer, true)
  }
}
