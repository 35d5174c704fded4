import { useEffect, useRef, type ReactNode } from 'react'

/** Says that a form has to be mended, and puts the cursor where. Give it a new `key` each time the form was sent. */
export function FormProblem({ children }: { children: ReactNode }) {
  const ref = useRef<HTMLParagraphElement>(null)
  useEffect(() => {
    ref.current?.closest('form')?.querySelector<HTMLElement>('[aria-invalid]')?.focus()
  }, [])
  return (
    <p ref={ref} role="alert" className="problem">
      {children}
    </p>
  )
}
