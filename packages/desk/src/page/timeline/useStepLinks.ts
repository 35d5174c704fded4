import { useEffect } from 'react'
import { focusStep, stepIn } from './focusStep.ts'

/** Lets links to steps be followed without leaving the page, wherever on it they stand. */
export function useStepLinks(): void {
  useEffect(() => {
    const onClick = (event: MouseEvent): void => {
      if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
      const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null
      const id = stepIn(link?.getAttribute('href') ?? '')
      if (id === null) return
      event.preventDefault()
      focusStep(id)
    }
    document.addEventListener('click', onClick)
    return () => document.removeEventListener('click', onClick)
  }, [])
}
