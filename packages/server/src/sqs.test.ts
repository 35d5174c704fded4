import { describeQueue } from '../fixtures/describeQueue.ts'
import { sqsQueue } from '../fixtures/queues/sqsQueue.ts'

describeQueue('the SQS client on a stand-in for SQS', sqsQueue)
