import type { ReactNode } from 'react'
import { followInPage } from '../followInPage.ts'
import { focusStep, stepAddress } from '../timeline/focusStep.ts'

/** Leads to a step in the time line. */
export function StepLink({ stepId, children }: StepLinkProps) {
  return (
    <a className="link" href={stepAddress(stepId)} onClick={followInPage(() => focusStep(stepId))}>
      {children}
    </a>
  )
}

export interface StepLinkProps {
  readonly stepId: string
  readonly children: ReactNode
}
