/**
 * A queue's, topic's or subject's name without what a client made up (`amq.gen-…`, `_INBOX.…`), and without e-mail addresses, uuids
 * and numbers as long as a card's, which some put there: `users.*.created`.
 */
export function plainDestination(name: string): string {
  const madeUp = /^(?:amq\.gen|amq\.rabbitmq\.reply-to|_INBOX)\b/.exec(name)?.[0]
  return madeUp ?? name.slice(0, 200).replace(PRIVATE, '*')
}

const PRIVATE = /[^\s.:/]*@[^\s:/]*|\d(?:[ -]?\d){11,}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi
