import { cleanText } from '@waybill/trail'
import { dayAndTime } from '../dayAndTime.ts'
import type { LogEntry } from '../createDeskClient.ts'
import { logWords } from './logWords.ts'

/** Lines of the record as a table; on a phone each is a block of its own. */
export function LogTable({ entries, focused }: LogTableProps) {
  return (
    <table className="log-table">
      <thead>
        <tr>
          {['When', 'Who', 'What', 'From'].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {entries.map((entry, index) => (
          <tr
            key={entry.id}

            data-event={entry.event}
            tabIndex={index === focused ? -1 : undefined}
            ref={index === focused ? focus : undefined}
          >
            <td>
              <time dateTime={entry.at}>{dayAndTime(entry.at)}</time>
            </td>
            <td>
              <b>{cleanText(entry.who)}</b> <span className="log-via">{VIA[entry.via]}</span>
            </td>
            <td>{logWords(entry)}</td>
            <td>{cleanText(entry.address)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export interface LogTableProps {
  readonly entries: readonly LogEntry[]
  /** The first one that came last, which focus goes on to. */
  readonly focused: number | undefined
}

const VIA: Readonly<Record<LogEntry['via'], string>> = {
  token: 'by token',
  page: 'on this page',
  proxy: 'by the proxy',
  command: 'by command',
}

function focus(element: HTMLElement | null): void {
  element?.focus({ preventScroll: false })
}
