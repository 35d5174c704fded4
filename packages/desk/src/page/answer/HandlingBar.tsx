import { useRef, useState } from 'react'
import type { FormEvent } from 'react'
import type { Handling, Match } from '../../lookup/Match.ts'
import type { DeskClient } from '../createDeskClient.ts'
import type { DeskTexts } from '../texts/english.ts'
import { dayAndTime } from '../dayAndTime.ts'
import { isToday } from '../isToday.ts'
import { momentText } from '../momentText.ts'
import { textIn } from '../textIn.ts'
import { useTexts } from '../texts/useTexts.ts'
import { agoText } from './agoText.ts'
import { rememberedName, rememberName } from './ownName.ts'
import type { SetHandlingResult } from './setHandling.ts'

/** Who of support is on it, and the way to say so, so that nobody does by hand what a colleague is doing. */
export function HandlingBar({ match, client, who, mayLink, onChanged }: HandlingBarProps) {
  const { reference, handling, waitsFor } = match
  const texts = useTexts().answer
  const [form, setForm] = useState<Form | null>(null)
  const [message, setMessage] = useState('')
  const [isBusy, setBusy] = useState(false)
  const bar = useRef<HTMLElement>(null)
  const isNeeded = handling !== null || waitsFor === 'person' || waitsFor === 'customer'
  if (!isNeeded) return null

  const send = async (state: Handling['state'], by: string, note = ''): Promise<void> => {
    setBusy(true)
    const result = await client.setHandling(reference, { state, by, note, after: handling?.id ?? null })
    setBusy(false)
    setMessage(messageFor(result, texts))
    if (result.ok) rememberName(who, by)
    if (result.ok || result.reason === 'overtaken') {
      close()
      onChanged()
    }
  }
  /** The form goes away with the focus in it, which must not go back to the page's beginning. */
  const close = (): void => {
    setForm(null)
    bar.current?.focus()
  }
  const begin = (state: Handling['state']): void => {
    const name = rememberedName(who)
    if (state !== 'done' && name !== '') void send(state, name)
    else setForm({ state, key: Date.now() })
  }
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const fields = new FormData(event.currentTarget)
    const [by, note] = ['by', 'note'].map((name) => textIn(fields, name))
    if (form && by) void send(form.state, by, note)
  }
  const button = (state: Handling['state'], text: string) => (
    <button type="button" className="second-button" disabled={isBusy} onClick={() => begin(state)}>
      {text}
    </button>
  )
  const state = handling?.state ?? 'open'
  const isOutdated = handling?.isOutdated ?? false
  // What failed since is nobody's yet.
  const standing = isOutdated ? 'open' : state
  return (
    <section className="handling" data-handling={standing} aria-label={texts.handling} tabIndex={-1} ref={bar}>
      <p>
        <HandlingMark state={standing} />
        <span>
          {handling ? wordsFor(handling, texts) : texts.nobodyIsOnIt}
          {isOutdated && (
            <>
              <br />
              {texts.failedSince}
            </>
          )}
        </span>
      </p>
      {mayLink ? (
        <div className="choices">
          {standing === 'open' && button('taken', texts.take)}
          {standing !== 'done' && button('done', texts.markHandled)}
          {state !== 'open' && button('open', texts.giveBack)}
        </div>
      ) : (
        <p className="hint">{texts.mayOnlyRead}</p>
      )}
      {form && (
        <form key={form.key} onSubmit={submit}>
          <label>
            {texts.yourName}
            <input
              name="by"
              required
              maxLength={80}
              autoComplete="name"
              defaultValue={rememberedName(who)}
              ref={(field) => {
                if (field && field.value === '') field.focus()
              }}
            />
          </label>
          {form.state === 'done' && (
            <label className="wide">
              {texts.handlingNote}
              <input
                name="note"
                maxLength={200}
                autoComplete="off"
                ref={(field) => {
                  if (field && rememberedName(who) !== '') field.focus()
                }}
              />
            </label>
          )}
          <button type="submit" className="main-button" disabled={isBusy}>
            {texts.save}
          </button>
          <button type="button" className="quiet" onClick={close}>
            {texts.cancel}
          </button>
        </form>
      )}
      <output className="told">{message}</output>
    </section>
  )
}

export interface HandlingBarProps {
  readonly match: Match
  readonly client: Pick<DeskClient, 'setHandling'>
  /** Whoever is signed in; '' where the desk does not say. */
  readonly who: string
  /** Whether whoever is signed in may note something. */
  readonly mayLink: boolean
  /** Asks for the trail again. */
  readonly onChanged: () => void
}

interface Form {
  readonly state: Handling['state']
  /** A form that is opened again is a new one. */
  readonly key: number
}

type AnswerTexts = DeskTexts['answer']

/** The state as a shape, which differs without colour, too. */
function HandlingMark({ state }: Pick<Handling, 'state'>) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="7" />
      {state !== 'open' && (
        <path d={state === 'done' ? 'M4.6 8.3l2.3 2.3 4.5-4.9' : 'M8 7a2 2 0 100-4 2 2 0 000 4zm-4 5a4 3.6 0 018 0z'} />
      )}
    </svg>
  )
}

/** The name that they gave is no proof of who it was. */
function nameOf({ by, who }: Pick<Handling, 'by' | 'who'>): string {
  return who.toLowerCase() === by.toLowerCase() ? by : `${by} (${who})`
}

function wordsFor(handling: Handling, texts: AnswerTexts): string {
  const { state, note, at } = handling
  const when = isToday(at) ? momentText(at, { as: 'minutes' }) : dayAndTime(at)
  const words = state === 'taken' ? texts.isOnIt : state === 'done' ? texts.handledBy : texts.gaveItBack
  return words(nameOf(handling), when) + (note === null ? '' : `: ${note}`)
}

function messageFor(result: SetHandlingResult, texts: AnswerTexts): string {
  if (result.ok) return texts.saved
  switch (result.reason) {
    case 'overtaken': {
      if (!result.handling) return texts.changedMeanwhile
      const { state, at } = result.handling
      const words = state === 'taken' ? texts.tookIt : state === 'done' ? texts.handledIt : texts.gaveBackIt
      return words(nameOf(result.handling), agoText(at, Date.now()))
    }
    case 'offline':
      return texts.noteOffline
    case 'signed-out':
      return texts.noteSignedOut
    case 'no-link':
      return texts.mayOnlyRead
    case 'refused':
      return texts.refusedName
    case 'full':
      return texts.trailFull
    case 'too-often':
      return texts.noteTooOften
    case 'failed':
      return texts.noteFailed
    default:
      return result satisfies never
  }
}
