/** The access log could not be written, so what it was to tell of must not be shown. */
export class AccessLogError extends Error {
  constructor(cause: unknown) {
    super(
      '[waybill] The access log cannot be written, so the desk shows nothing, because nobody could tell later who saw it. Check that the disk has room and the file beside the database may be written to.',
      { cause },
    )
    this.name = 'AccessLogError'
  }
}
