'use client'
import { useContext } from 'react'
import type { JSX } from 'react'
import type { ActionRecord } from '@waybill/browser'
import { isUnnamed } from '@waybill/browser/support'
import { formatReference } from '@waybill/reference'
import { OUT_OF_SIGHT } from '../code/outOfSight.ts'
import { spellReference } from '../code/spellReference.ts'
import { LocalTime } from '../done/LocalTime.tsx'
import type { Labels } from '../labels/Labels.ts'
import { WaybillContext } from '../WaybillProvider.tsx'

/** One action to pick: what it was, how it stands, when it began, and its code. */
export function ActivityChoice({ action, group, name, isChosen, labels, onChoose }: ActivityChoiceProps): JSX.Element {
  const { waybill } = useContext(WaybillContext)
  const shown = formatReference(action.reference, { prefix: waybill?.prefix })
  return (
    <label data-part="choice" data-state={action.state}>
      <input type="radio" name={group} checked={isChosen} onChange={onChoose} />
      <span data-part="name">{isUnnamed(name) ? labels.unnamedActivity : name}</span>{' '}
      <span data-part="state">{labels[action.state]}</span>{' '}
      <LocalTime at={new Date(action.startedAt)} locale={labels.locale} length="short" />{' '}
      <code dir="ltr" translate="no" aria-hidden="true">
        {shown}
      </code>
      <span style={OUT_OF_SIGHT}>{spellReference(shown)}</span>
    </label>
  )
}

interface ActivityChoiceProps {
  readonly action: ActionRecord
  /** The radio buttons of one group share a name. */
  readonly group: string
  readonly name: string
  readonly isChosen: boolean
  readonly labels: Pick<Labels, ActionRecord['state'] | 'locale' | 'unnamedActivity'>
  readonly onChoose: () => void
}
