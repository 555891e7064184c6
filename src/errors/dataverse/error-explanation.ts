import type { ErrorCode } from '../error-codes.ts';

/** The explanation of a Dataverse error: its cause and the next step. */
export interface ErrorExplanation {
  readonly code: ErrorCode;
  readonly cause: string;
  readonly advice: string;
}

/** The code of an error in responses, in lower case -> its name in Microsoft's documentation and our explanation. */
export type DataverseErrorCodes = Readonly<Record<string, ErrorExplanation & { readonly name: string }>>;
