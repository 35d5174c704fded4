/** Makes the browser believe that it has no connection; gives back what undoes it. */
export function goOffline(): () => void {
  Object.defineProperty(navigator, 'onLine', { configurable: true, value: false })
  return () => {
    Reflect.deleteProperty(navigator, 'onLine')
  }
}
