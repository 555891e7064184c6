/**
 * The main operation of a custom API.
 *
 * @param input The parameters by unique name, without those that the request leaves out. A reference to a row is
 * `{ table, id }`; `Target` is the row that the API is bound to.
 * @returns the response properties by unique name. An error that it throws fails the request with HTTP 400, code
 * 0x80040265 and its message.
 */
export type CustomApiHandler = (
  input: Readonly<Record<string, unknown>>,
  caller: { readonly userId: string },
) => Readonly<Record<string, unknown>> | undefined;

/** The handlers of custom APIs. */
export interface CustomApiHandlers {
  /** Sets the handler of the custom API with this unique name. */
  handle(uniqueName: string, handler: CustomApiHandler): void;
}
