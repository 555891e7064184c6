/** A request to an organization and its response, as a client sent and received them. */
export interface RecordedExchange {
  /** Position in the order of arrival: 1, 2, 3, … It continues when exchanges are removed. */
  readonly number: number;
  /** When the request arrived, by the clock of the organization: `2026-12-01T08:00:00.000Z`. */
  readonly time: string;
  /** Until the response was complete, by the same clock. */
  readonly milliseconds: number;
  readonly method: string;
  /** Path and query as they were sent; its first 4,096 characters. */
  readonly path: string;
  /** Absent when there was no response. */
  readonly status?: number | undefined;
  /** Absent when the token was missing or invalid, or its user is no member. */
  readonly caller?: ExchangeCaller | undefined;
  /** Kind of the injected fault that was applied, for example `reset`: the client may not have got the response. */
  readonly fault?: string | undefined;
  readonly request: ExchangeMessage;
  readonly response?: ExchangeMessage | undefined;
}

/** Who sent a request. */
export interface ExchangeCaller {
  /** `systemuserid` of the user that the request acts as. */
  readonly userId: string;
  /** `systemuserid` of the user of the token, when it impersonates `userId`. */
  readonly impersonatorId?: string | undefined;
  /** Client id of the app registration. */
  readonly clientId: string;
}

/** A request or a response without its first line. */
export interface ExchangeMessage {
  /** By lower-case name. Tokens and cookies are replaced by `[redacted]`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Length of the body in bytes, before compression. */
  readonly bytes: number;
  /** The first 4,096 bytes of a body that is text; secrets are replaced by `[redacted]`. */
  readonly body?: string | undefined;
}
