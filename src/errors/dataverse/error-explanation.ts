import type { ErrorCode } from '../error-codes.ts';
import type { MissingPrivilege } from '../missing-privilege.ts';

/** The explanation of a Dataverse error: its cause and the next step. */
export interface ErrorExplanation {
  readonly code: ErrorCode;
  readonly cause: string;
  readonly advice: string;
  /** The line of a security role that is missing. */
  readonly missingPrivilege?: MissingPrivilege;
}

/** The code of an error in responses, in lower case -> its name in Microsoft's documentation and our explanation. */
export type DataverseErrorCodes = Readonly<Record<string, ErrorExplanation & { readonly name: string }>>;
