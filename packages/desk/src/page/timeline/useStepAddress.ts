import { useEffect, useLayoutEffect, useRef } from 'react'
import { stepIn } from './focusStep.ts'

/** Calls `show` with the step that the address names, when the time line appears and whenever it is asked for again. */
export function useStepAddress(show: (id: string) => void): void {
  const newest = useRef(show)
  useLayoutEffect(() => {
    newest.current = show
  })
  useEffect(() => {
    const onAddress = (): void => {
      const id = stepIn(location.hash)
      if (id !== null) newest.current(id)
    }
    onAddress()
    addEventListener('hashchange', onAddress)
    return () => removeEventListener('hashchange', onAddress)
  }, [])
}
