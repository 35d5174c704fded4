import type { Outcome } from '@waybill/trail'

/** The step that shows an outcome; where only the page says that it failed, the page's own. `page` is what the action's page told. */
export function stepShowing<Shown extends ShowingStep>(
  { stepId, pageFailure }: Pick<Outcome, 'stepId' | 'pageFailure'>,
  { page, steps }: { readonly page: readonly Shown[]; readonly steps: readonly Shown[] },
): Shown | undefined {
  const ofPage = pageFailure === null ? undefined : page.findLast(({ action }) => action)
  return ofPage ?? steps.find(({ id }) => id === stepId)
}

interface ShowingStep {
  readonly id: string
  readonly action?: string | null | undefined
}
