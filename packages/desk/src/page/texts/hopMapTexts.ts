import type { Hop } from '@waybill/trail'
import type { HopState } from '../hopMap/hopMapOf.ts'

/** What the map of one trail says. */
export const HOP_MAP_TEXTS = {
  title: 'Where it went',
  /** The kind of place, as a person says it. */
  hops: {
    browser: 'browser',
    api: 'api',
    queue: 'queue',
    worker: 'worker',
    model: 'model',
    tool: 'tool',
    database: 'database',
    schedule: 'schedule',
    webhook: 'webhook',
    alert: 'alert',
    support: 'support',
    log: 'log',
  } satisfies Readonly<Record<Hop, string>>,
  states: {
    passed: null,
    silent: 'last heard from here',
    running: 'going on here',
    waiting: 'waits here to be taken up',
    held: 'left here for a person',
    reported: 'failed, says the page',
    failed: 'failed here',
  } satisfies Readonly<Record<HopState, string | null>>,
  /** A system that was called and tells nothing itself. */
  outside: 'another system',
  /** Whether it failed there or on the way nobody knows. */
  callFailed: 'the call failed',
  /** Between a place and what it led to, for those who do not see the arrow. */
  ledTo: 'led to',
  times: (count: number) => `${count.toLocaleString('en-GB')} times`,
  someFailed: (count: number) => `${count.toLocaleString('en-GB')} failed`,
  alsoFrom: (service: string, hop: string) => `also from ${service} (${hop})`,
  claimed: 'as the browser reported',
  more: (count: number) => `and ${count.toLocaleString('en-GB')} more`,
}
