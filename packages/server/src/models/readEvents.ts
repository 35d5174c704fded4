/**
 * Reads server-sent events that arrive in pieces, cut anywhere: hands on what each says as `data`, as it comes, and then that the event
 * is over. Nothing is kept but the name of the field that a line begins with.
 */
export function readEvents({ onData, onEventEnd }: EventListeners): EventReader {
  let name = ''
  let state: 'name' | 'space' | 'data' | 'other' = 'name'
  let hasData = false
  let isAfterReturn = false

  const lineEnds = (): void => {
    if (state === 'name' && name === '') eventEnds()
    else if (state !== 'other' && (state !== 'name' || name === 'data')) hasData = true
    state = 'name'
    name = ''
  }
  const eventEnds = (): void => {
    if (hasData) onEventEnd()
    hasData = false
  }

  return {
    push(text) {
      const lineEnd = /[\r\n]/g
      for (let i = 0; i < text.length;) {
        const char = text.charAt(i)
        const isSecondOfTwo = isAfterReturn && char === '\n'
        isAfterReturn = false
        if (isSecondOfTwo) i++
        else if (char === '\r' || char === '\n') {
          lineEnds()
          isAfterReturn = char === '\r'
          i++
        } else if (state === 'name') {
          if (char === ':') state = name === 'data' ? 'space' : 'other'
          // No field that matters has a longer name.
          else if (name.length < 8) name += char
          i++
        } else if (state === 'space') {
          if (char === ' ') i++
          state = 'data'
        } else {
          lineEnd.lastIndex = i
          const end = lineEnd.exec(text)?.index ?? text.length
          if (state === 'data') onData(text.slice(i, end))
          i = end
        }
      }
    },
    end() {
      if (state !== 'name' || name !== '') lineEnds()
      eventEnds()
    },
  }
}

export interface EventListeners {
  /** A piece of what an event says. */
  readonly onData: (text: string) => void
  readonly onEventEnd: () => void
}

export interface EventReader {
  push(text: string): void
  /** The stream is over. Servers leave out the empty line after the last event, which SDKs read all the same. */
  end(): void
}
