import { expect, test } from 'vitest'
import { readAnswer } from './readAnswer.ts'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const stream = [
  ': keep-alive\r\n\r\n',
  'event: response.created\r\ndata: {"type":"response.created",\r\ndata: "response":{"id":"resp_1","model":"m-1"}}\r\n\r\n',
  'id: 7\rretry: 10\rdata:{"type":"response.output_text.delta","delta":"é 🙂 data: {\\"id\\":1}\\n\\n"}\r\r',
  'data: {"type":"response.completed","response":{"status":"completed","usage":{"input_tokens":3}}}\n\n',
].join('')

test('reads a stream however it is cut, by whichever line ends', () => {
  const bytes = encode(stream)
  for (let size = 1; size < 40; size++) {
    const reader = readAnswer('text/event-stream; charset=utf-8')
    for (let i = 0; i < bytes.length; i += size) reader.push(bytes.subarray(i, i + size))
    expect(reader.end()).toMatchObject({
      state: 'whole',
      errorType: undefined,
      attributes: {
        'gen_ai.response.id': 'resp_1',
        'gen_ai.response.model': 'm-1',
        'gen_ai.response.finish_reasons': 'completed',
        'gen_ai.usage.input_tokens': 3,
      },
    })
  }
})

test.each([
  ['text/event-stream', (text: string) => `data: {"choices":[{"delta":{"content":"${text}"}}]}\n\n`],
  // One event that never ends.
  ['text/event-stream', (text: string) => text],
  ['application/json', (text: string) => `${text}"${text}`],
])('holds next to nothing of 50 MB (%s)', (contentType, pieceOf) => {
  const reader = readAnswer(contentType)
  reader.push(encode(contentType === 'application/json' ? '{"choices":[{"message":{"content":"' : 'data: {"x":"\n'))
  const piece = encode(pieceOf('Dear Jane, '.repeat(6000)))
  let most = 0
  for (let sent = 0; sent < 50_000_000; sent += piece.length) {
    reader.push(piece)
    most = Math.max(most, reader.heldLength)
  }
  expect(most).toBeLessThan(300)
})

test('reads nothing of what is neither JSON nor events', () => {
  const reader = readAnswer('text/html')
  reader.push(encode('{"id":"resp_1"}'))
  expect(reader.end()).toMatchObject({ state: 'whole', attributes: { 'gen_ai.response.id': undefined } })
})

test('takes no name, id or word that could be somebody’s', () => {
  const reader = readAnswer('application/json')
  const answer = {
    id: 'for jane@example.com',
    model: 'Dear Jane',
    choices: [{ finish_reason: 'Dear Jane' }],
    error: { code: 'jane@example.com' },
  }
  reader.push(encode(JSON.stringify(answer)))
  const { attributes, errorType } = reader.end()
  expect([...Object.values(attributes), errorType].filter((value) => value !== undefined)).toEqual([])
})
