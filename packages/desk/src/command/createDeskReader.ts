import { Unreadable } from '../mcp/DeskReader.ts'
import type { DeskReader } from '../mcp/DeskReader.ts'
import { askDesk, isLookUpAnswer, isRecentTrails } from './askDesk.ts'
import type { Asked, AskedDesk } from './askDesk.ts'

/** Reads a desk elsewhere through its look-up API, which admits, limits and writes down as it does for anybody. */
export function createDeskReader(where: AskedDesk): DeskReader {
  return {
    async find(text) {
      return readIn(await askDesk('/api/search', { ...where, text, isAnswer: isLookUpAnswer }))
    },
    async recentFailures({ since, hop, service }) {
      const query = new URLSearchParams({ since, failed: '1', ...(hop && { hop }), ...(service && { service }) })
      return readIn(await askDesk(`/api/recent?${query}`, { ...where, isAnswer: isRecentTrails }))
    },
  }
}

function readIn<Answer>(asked: Asked<Answer>): Answer {
  if (!asked.ok) throw new Unreadable(asked.message)
  return asked.answer
}
