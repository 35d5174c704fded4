export { processMessage } from './messages/processMessage.ts'
export type { ReceivedMessage } from './messages/processMessage.ts'
export { sendMessage } from './messages/sendMessage.ts'
export type { MessageCarrier, SentMessage } from './messages/sendMessage.ts'
