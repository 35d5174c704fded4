import { useTexts } from '../texts/useTexts.ts'
import type { Day } from './daysOf.ts'

/** Which day it is, and how it went at a glance. */
export function DayHeading({ day: { at, trails }, isWhole }: DayHeadingProps) {
  const { person } = useTexts()
  const day = FORMAT.format(new Date(at))
  const [today, yesterday] = [0, 1].map((before) => {
    const date = new Date()
    date.setDate(date.getDate() - before)
    return date.toDateString()
  })
  const date = new Date(at).toDateString()
  const countOf = (state: string): number => trails.filter(({ outcome }) => outcome.state === state).length
  return (
    <h2 className="day">
      {date === today ? person.today(day) : date === yesterday ? person.yesterday(day) : day}{' '}
      <span>
        {person.dayCounts({
          trails: trails.length,
          failed: countOf('failed'),
          running: countOf('running'),
          isWhole,
        })}
      </span>
    </h2>
  )
}

export interface DayHeadingProps {
  readonly day: Day
  /** Whether all of the day's trails are there, and not only those of the pages so far. */
  readonly isWhole: boolean
}

// British English, like the page's words.
const FORMAT = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
