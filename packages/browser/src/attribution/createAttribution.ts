import { createScope } from './createScope.ts'
import { isThenable } from './isThenable.ts'
import type { Gesture, UserEvents } from './createUserEvents.ts'
import type { LiveAction } from '../actions/LiveAction.ts'

/**
 * Which action does the running code belong to? What `run` or a traced continuation put in force comes first, then the
 * user's event. Where two answers are possible there is none: a wrong reference is worse than a fresh one.
 */
export function createAttribution({ events, begin, rename }: AttributionOptions): Attribution {
  const scope = createScope<LiveAction>()
  const claims = new WeakMap<Gesture, { action: LiveAction; mixed: boolean }>()

  function gesture(): Gesture | undefined {
    return scope.current() === undefined ? events.current() : undefined
  }

  /** The gesture's code is the action's from here on, unless another action has been part of it: then it is nobody's. */
  function claim(gesture: Gesture | undefined, action: LiveAction): void {
    if (!gesture) return
    const known = claims.get(gesture)
    if (known?.action.isRecorded && known.action !== action) known.mixed = true
    else claims.set(gesture, { action, mixed: false })
  }

  return {
    current() {
      const inForce = scope.current()
      if (inForce !== undefined) return inForce ?? undefined
      const found = events.current()
      if (!found) return undefined
      const known = claims.get(found)
      if (known) return known.mixed ? undefined : known.action
      const action = begin({ name: nameIn(found.event), eventAt: found.at, explicit: false })
      claim(found, action)
      return action
    },

    begin(name) {
      const found = gesture()
      const known = found && claims.get(found)
      // One gesture, one reference: what the event's first call began is the action that now gets its name.
      if (known && !known.mixed && !known.action.entry.explicit) return rename(known.action, name)
      const action = begin({ name, eventAt: found?.at, explicit: true })
      claim(found, action)
      return action
    },

    resume(action) {
      claim(gesture(), action)
    },

    run(action, fn) {
      const found = gesture()
      let isAsync = false
      // As in the scope: what `fn` resumes after a foreign promise looks like the event's own code.
      if (found && claims.get(found)?.action !== action) {
        queueMicrotask(() => void (isAsync && claims.set(found, { action, mixed: true })))
      }
      const result = scope.run(action, fn)
      isAsync = isThenable(result)
      return result
    },

    settle: scope.settle,
  }
}

export interface Attribution {
  /** By the user's event or what is in force; a fresh action, not yet recorded, at an event's first look. */
  current(): LiveAction | undefined
  begin(name: string): LiveAction
  /** The customer takes the action up again: the running event is part of it. */
  resume(action: LiveAction): void
  run<T>(action: LiveAction, fn: () => T): T
  /** Calls `done`, which settles a promise; its continuation belongs to `action`, or with `null` to nobody. */
  settle(action: LiveAction | null, done: () => void): void
}

export interface AttributionOptions {
  readonly events: Pick<UserEvents, 'current'>
  readonly begin: (options: {
    readonly name?: string | undefined
    readonly eventAt?: number | undefined
    readonly explicit: boolean
  }) => LiveAction
  readonly rename: (action: LiveAction, name: string) => LiveAction
}

/** What the page's author called the place: the nearest `data-waybill-action`, the pressed button's before the form's. */
function nameIn(event: Event): string | undefined {
  const pressed = 'submitter' in event ? event.submitter : undefined
  for (const target of [pressed, event.composedPath()[0]]) {
    const place = target instanceof Element ? target.closest('[data-waybill-action]') : null
    const name = place?.getAttribute('data-waybill-action')
    if (name) return name
  }
  return undefined
}
