/** A clipboard that takes and gives what it is asked, whatever the machine allows; gives back what undoes it. */
export function allowClipboard(): () => void {
  let held = ''
  const value = {
    writeText: async (text: string) => void (held = text),
    readText: async () => held,
  }
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value })
  return () => {
    Reflect.deleteProperty(navigator, 'clipboard')
  }
}
