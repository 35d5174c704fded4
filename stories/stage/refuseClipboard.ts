/** Makes the page one where neither the clipboard nor the copy command works; gives back what undoes it. */
export function refuseClipboard(): () => void {
  const { execCommand } = document
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: undefined })
  document.execCommand = () => false
  return () => {
    Reflect.deleteProperty(navigator, 'clipboard')
    document.execCommand = execCommand
  }
}
