'use client'
import { Fragment, useContext } from 'react'
import type { JSX } from 'react'
import type { ActionRecord } from '@waybill/browser'
import { isUnnamed } from '@waybill/browser/support'
import { formatReference } from '@waybill/reference'
import { OUT_OF_SIGHT } from '../code/outOfSight.ts'
import { sizedFor } from '../code/sizedFor.ts'
import { spellReference } from '../code/spellReference.ts'
import { LocalTime } from '../done/LocalTime.tsx'
import type { Labels } from '../labels/Labels.ts'
import { WaybillContext } from '../WaybillProvider.tsx'

/** One action to pick: what it was and about what, how it stands, when it began, and its code. */
export function ActivityChoice(props: ActivityChoiceProps): JSX.Element {
  const { action, group, name, facts, isChosen, labels, onChoose } = props
  const { waybill } = useContext(WaybillContext)
  const pairs = Object.entries(facts)
  const shown = formatReference(action.reference, { prefix: waybill?.prefix })
  return (
    <label data-part="choice" data-state={action.state}>
      <input type="radio" name={group} checked={isChosen} onChange={onChoose} />
      <span data-part="name">{isUnnamed(name) ? labels.unnamedActivity : name}</span>{' '}
      {pairs.length > 0 && (
        <>
          <span data-part="facts">
            {pairs.map(([fact, value], at) => (
              <Fragment key={fact}>
                {at > 0 && ' '}
                <bdi>{lineOf(fact)}</bdi> <bdi data-part="value">{lineOf(value)}</bdi>
              </Fragment>
            ))}
          </span>{' '}
        </>
      )}
      <span data-part="state">{labels[action.state]}</span>{' '}
      <LocalTime at={new Date(action.startedAt)} locale={labels.locale} length="short" />{' '}
      <code dir="ltr" translate="no" aria-hidden="true" style={sizedFor(shown)}>
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
  readonly facts: ActionRecord['facts']
  readonly isChosen: boolean
  readonly labels: Pick<Labels, ActionRecord['state'] | 'locale' | 'unnamedActivity'>
  readonly onChoose: () => void
}

/**
 * A text that the app or the customer wrote as one short line: without line breaks, control and direction characters, and with
 * its end, in which long ones mostly differ.
 */
function lineOf(text: unknown): string {
  const line = [
    ...String(text)
      .replace(/[\p{C}\p{Z}\s]+/gu, ' ')
      .trim(),
  ]
  return line.length > LONGEST ? [...line.slice(0, LONGEST - 20), '…', ...line.slice(-19)].join('') : line.join('')
}

const LONGEST = 60
