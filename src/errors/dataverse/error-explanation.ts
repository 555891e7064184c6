import type { ErrorCode } from '../error-codes.ts';

/** One of Dataverse's errors in our words: `cause` says what happened, `advice` what to do next. */
export interface ErrorExplanation {
  readonly code: ErrorCode;
  readonly cause: string;
  readonly advice: string;
}

/** Dataverse's code as it stands in an answer, lower case, -> its name at Microsoft and our explanation. */
export type DataverseErrorCodes = Readonly<Record<string, ErrorExplanation & { readonly name: string }>>;
