/** The drill itself could not go on, which says nothing about the system. Its message is for people. */
export class DrillError extends Error {
  override readonly name = 'DrillError'

  constructor(message: string, options?: ErrorOptions) {
    super(`[waybill] ${message}`, options)
  }
}
