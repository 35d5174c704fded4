'use client'
import { forwardRef, useContext, useId, useMemo, useState } from 'react'
import type { ComponentPropsWithoutRef, ReactNode } from 'react'
import type { ActionRecord } from '@waybill/browser'
import type { Reference } from '@waybill/reference'
import { ReferenceCode } from '../code/ReferenceCode.tsx'
import { ReferenceNote } from '../code/ReferenceNote.tsx'
import type { Labels } from '../labels/Labels.ts'
import { PANEL_TEXTS } from '../labels/panelTexts.ts'
import { useLabels } from '../labels/useLabels.ts'
import { useSession } from '../session/useSession.ts'
import { WaybillContext } from '../WaybillProvider.tsx'
import { ActivityChoice } from './ActivityChoice.tsx'
import { ContactContext } from './ContactContext.ts'
import { useOnline } from '../session/useOnline.ts'

/**
 * What the customer did in this session, newest first: they pick one, and its reference stands there to be read out, copied
 * or handed to support. What the page did by itself is left out.
 */
export const SupportPanel = forwardRef<HTMLElement, SupportPanelProps>(function SupportPanel(props, ref) {
  const shared = useContext(WaybillContext).contact
  const { title, limit = 10, nameOf, factsOf, contact = shared, labels, children, ...rest } = props
  const texts = useLabels(PANEL_TEXTS, labels)
  const isOnline = useOnline()
  const group = useId()
  const [picked, setPicked] = useState<Reference>()
  const actions = useSession()
    .filter((action) => !action.background)
    .toReversed()
    .filter(({ reference }, at) => at < limit || reference === picked)
  // What is chosen stays chosen while newer actions arrive: somebody may be reading it out.
  const mostLikely = actions.find(({ state }) => state === 'failed') ?? actions[0]
  const chosen = (actions.find(({ reference }) => reference === picked) ?? mostLikely)?.reference
  if (chosen !== picked) setPicked(chosen)
  const [isAttached, setAttached] = useState(false)
  const place = useMemo(() => ({ reference: chosen, setAttached }), [chosen])

  return (
    <section {...rest} ref={ref} data-waybill="support-panel">
      <h2 data-part="title">{title ?? texts.recentActivity}</h2>
      {children && <div data-part="message">{children}</div>}
      {actions.length === 0 ? (
        <p data-part="message">{texts.noActivity}</p>
      ) : (
        <fieldset data-part="choices">
          <legend data-part="label">{texts.chooseActivity}</legend>
          {actions.map((action) => (
            <ActivityChoice
              key={action.reference}
              action={action}
              group={group}
              name={nameOf?.(action) ?? action.name}
              facts={factsOf?.(action) ?? action.facts}
              isChosen={action.reference === chosen}
              onChoose={() => setPicked(action.reference)}
              labels={texts}
            />
          ))}
        </fieldset>
      )}
      {chosen && (
        <p data-part="code">
          <span data-part="label">{texts.reference}</span>{' '}
          <ReferenceCode key={chosen} reference={chosen} labels={labels} />
        </p>
      )}
      <output data-part="connection">{!isOnline && texts.offline}</output>
      <ReferenceNote key={chosen} reference={chosen} labels={labels} isAttached={contact ? isAttached : undefined} />
      {contact && (
        <div data-part="actions">
          <ContactContext.Provider value={place}>{contact}</ContactContext.Provider>
        </div>
      )}
    </section>
  )
})

export interface SupportPanelProps extends Omit<ComponentPropsWithoutRef<'section'>, 'title'> {
  /** @default "Recent activity" */
  readonly title?: ReactNode | undefined
  /** How many actions are shown, and the one picked before them. @default 10 */
  readonly limit?: number | undefined
  /**
   * What an action is called before customers, such as a translation of its name. A blank name, or one that is a method and a path
   * because the app gave none, is never shown. @default the action's own name
   */
  readonly nameOf?: ((action: ActionRecord) => string | undefined) | undefined
  /**
   * What tells an action from another of the same name, and is shown with it: its facts under names that customers know, such as
   * `{ Order: 'A-1001' }`. @default all that were noted, under their own names
   */
  readonly factsOf?: ((action: ActionRecord) => Readonly<Record<string, string>> | undefined) | undefined
  /** The way to support; null for none. @default the provider's */
  readonly contact?: ReactNode | undefined
  /** Texts that differ here. */
  readonly labels?: Partial<Labels> | undefined
  /** What to do here, below the title. */
  readonly children?: ReactNode | undefined
}
