import type { CorrectedClock } from '../../lookup/Match.ts'
import { countText } from '../countText.ts'
import { offsetText } from '../timeline/time/axisTicks.ts'
import type { TimeScale } from '../timeline/time/timeScale.ts'
import type { View } from '../timeline/time/useZoom.ts'

/** What the time line says. */
export const TIMELINE_TEXTS = {
  happened: 'What happened',
  later: (run: string) => `Later: ${run}`,
  noted: 'Noted by support',
  apart: (count: number, evicted: number) =>
    `Other requests under this reference (${count}${evicted > 0 ? `; ${evicted} more were not kept` : ''})`,
  apartTitle: 'Other requests',
  apartWhy:
    'No known call of the customer’s page caused these. Anybody who knows the reference can send such a request, so they do not count in the answer above.',
  claims: (count: number) => `Reported by browsers alone (${count})`,
  claimsTitle: 'Browsers’ reports',
  claimsWhy:
    'No server has a step that these led to. Anybody with the public key can report such a thing, so they do not count in the answer above.',

  attempt: (number: number) => `attempt ${number}`,
  attempts: (count: number) => `${count} attempts`,
  lastTime: (trouble: string) => `; the last time ${trouble}`,
  lastTimeIt: (deed: string, trouble: string | null) => `the last time it ${deed}; ${trouble}`,
  wentWell: (troubles: string, ordinal: string) => `${troubles}; the ${ordinal} went well`,
  done: (done: string, all: string) => `${done} of ${all} done`,
  itemFailed: (item: string | null, trouble: string | null) => `${item ?? 'One'}: ${trouble}`,
  moreFailed: (count: string) => `${count} more failed`,
  moreDone: (count: string) => `${count} more done`,
  logLines: (count: string) => `Log lines and events below a warning (${count})`,
  leftAs: (state: string) => `left as ${state}`,
  claimed: 'reported by the customer’s browser',
  goingOn: 'going on',
  unknown: 'unknown',
  endNotReported: 'its end was not reported',
  leftOut: (printed: string, all: string) =>
    `The first ${printed} of ${all} rows are printed. Filter the steps to print others.`,

  ledTo: (count: number) => `${stepsText(count)} that this led to`,
  hidden: (count: number, failed: number) =>
    `${stepsText(count)} hidden${failed > 0 ? `, ${countText(failed)} failed` : ''}`,
  shownAgain: (count: number) => `${stepsText(count)} shown`,

  filterLabel: 'Filter the steps',
  service: 'Service',
  allServices: 'All services',
  hop: 'Kind of step',
  allHops: 'All kinds',
  stepsShown: (shown: string, all: string) => `${shown} of ${all} steps shown`,
  clear: 'Clear',
  forContext: 'led to what was found',

  zoom: 'Zoom of the bars',
  zoomTo: { in: 'Zoom in', out: 'Zoom out', whole: 'Show the whole time' },
  seen: ({ begun, momentAt }: TimeScale, { from, to }: View) => {
    const [first, last] = [momentAt(from) - begun, momentAt(to) - begun]
    const stepMs = (last - first) / 10
    return `+${offsetText(first, stepMs)} to +${offsetText(last, stepMs)}`
  },
  waitsShortened: 'waits are shortened',
  shortened: '(shortened in the bars)',

  zones: ({ own, customer, customerTime }: { own: string; customer: string; customerTime: string }) =>
    `Times are yours (${own}). It began at ${customerTime} for the customer (${customer}).`,
  customerTimes: 'Show the customer’s times',
  forYou: 'for you',
  forCustomer: 'for the customer',
  byOwnClock: 'by its own clock',

  corrected: 'time corrected',
  clockWrong: ({ service, claimed, aheadMs, isLeast }: CorrectedClock, by: string) =>
    `The clock of ${claimed ? 'the customer’s device' : service} is ${isLeast ? 'at least ' : ''}${by} ${aheadMs < 0 ? 'behind' : 'ahead of'} the others; its times are corrected here.`,
}

function stepsText(count: number): string {
  return `${countText(count)} ${count === 1 ? 'step' : 'steps'}`
}
