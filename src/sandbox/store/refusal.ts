/** The store says no in Dataverse's own words; the protocol turns it into `{ error: { code, message } }`. */
export class StoreRefusal extends Error {
  /** Dataverse's error code: `0x80060888`. */
  readonly code: string;
  /** HTTP status. */
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.name = 'StoreRefusal';
    this.code = code;
    this.status = status;
  }
}
