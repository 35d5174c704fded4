import { describeQueue } from '../fixtures/describeQueue.ts'
import { missingServices } from '../fixtures/missingServices.ts'
import { bullmqQueue } from '../fixtures/queues/bullmqQueue.ts'

const missing = await missingServices()

if (!missing.has('Redis')) describeQueue('the queue of BullMQ', bullmqQueue)
