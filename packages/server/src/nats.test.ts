import { describe } from 'vitest'
import { describeQueue } from '../fixtures/describeQueue.ts'
import { missingServices } from '../fixtures/missingServices.ts'
import { natsQueue } from '../fixtures/queues/natsQueue.ts'

const missing = await missingServices()
describe.skipIf(missing.has('NATS'))('NATS', () => describeQueue('JetStream', natsQueue))
