/**
 * Copies `text`, which `shown` displays, by the strongest way this page has, and says truthfully what came of it: `copied`
 * only when the browser confirmed it; otherwise `shown` is selected, ready for the customer's own copy command.
 *
 * The way through `execCommand` selects what is already on the page instead of a hidden text field, because a field outside
 * a modal dialog cannot take the focus.
 */
export async function copyText(text: string, shown: Element): Promise<'copied' | 'selected'> {
  try {
    await navigator.clipboard.writeText(text)
    return 'copied'
  } catch {
    // No clipboard on an insecure origin; refused by permission, by policy or in a sandboxed frame.
  }
  const selection = shown.ownerDocument.getSelection()
  const before = selection?.rangeCount ? selection.getRangeAt(0) : undefined
  selection?.selectAllChildren(shown)
  if (!copyByCommand(text, shown.ownerDocument)) return 'selected'
  selection?.removeAllRanges()
  if (before) selection?.addRange(before)
  return 'copied'
}

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
