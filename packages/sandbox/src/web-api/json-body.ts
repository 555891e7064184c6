/** A JSON object that has been parsed but not checked. Its numbers can be of type LongNumber. */
export type JsonBody = Readonly<Record<string, unknown>>;
