import type { ReactNode } from 'react'
import { followInPage } from '../followInPage.ts'

/** Leads to a step in the time line, which listens for the address's hash. */
export function StepLink({ stepId, children }: StepLinkProps) {
  const hash = `#step-${stepId}`
  return (
    <a className="link" href={hash} onClick={followInPage(() => goTo(hash))}>
      {children}
    </a>
  )
}

export interface StepLinkProps {
  readonly stepId: string
  readonly children: ReactNode
}

/** A browser's own jump would count as a step back or forward, for which the page looks the trail up again. */
function goTo(hash: string): void {
  const oldURL = location.href
  history.replaceState(history.state, '', hash)
  dispatchEvent(new HashChangeEvent('hashchange', { oldURL, newURL: location.href }))
}
