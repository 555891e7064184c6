/** Plain JSON: what hosts hand in and get back. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** A JSON Schema (draft-07), kept as data; `validation/` is what understands it. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}
