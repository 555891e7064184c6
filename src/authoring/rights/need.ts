import type { AccessRight } from '../../errors/missing-privilege.ts';

/** One privilege that an operation needs. */
export interface PrivilegeNeed {
  /** The logical name of the table: `incident`; absent for a privilege that belongs to no table. */
  readonly table?: string;
  readonly right?: AccessRight;
  /** Only without `table`: `prvMerge`. */
  readonly privilege?: string;
  /** The inputs of which one must be given for the privilege to be needed; every call needs it if missing. */
  readonly inputs?: readonly string[];
  /** The privilege must reach all rows of the organization, whatever access level the role has. */
  readonly organization?: true;
}

/** What an operation needs, and what cannot be known without its input. */
export interface OperationNeeds {
  readonly needs: readonly PrivilegeNeed[];
  /** Why some privileges are not known, in sentences. */
  readonly unknown: readonly string[];
}

/** Rights to a table; with `inputs`, only for calls that give one of them. */
export function rightsTo(
  table: string,
  rights: readonly AccessRight[],
  ...inputs: readonly string[]
): readonly PrivilegeNeed[] {
  return rights.map((right) => (inputs.length === 0 ? { table, right } : { table, right, inputs }));
}

/** A privilege that belongs to no table. */
export function privilegeNeed(privilege: string): PrivilegeNeed {
  return { privilege };
}

/** The same needs for calls that give an input; those that depend on another input stay. */
export function whenGiven(input: string, needs: readonly PrivilegeNeed[]): readonly PrivilegeNeed[] {
  return needs.map((need) => (need.inputs === undefined ? { ...need, inputs: [input] } : need));
}

/** The needs of a call that gives none of the inputs that need more: one that a handler makes. */
export function withoutInputs({ needs, unknown }: OperationNeeds): OperationNeeds {
  return { needs: needs.filter(({ inputs }) => inputs === undefined), unknown };
}

export function joinNeeds(...all: readonly OperationNeeds[]): OperationNeeds {
  return {
    needs: all.flatMap(({ needs }) => needs),
    unknown: [...new Set(all.flatMap(({ unknown }) => unknown))],
  };
}

export function known(needs: readonly PrivilegeNeed[]): OperationNeeds {
  return { needs, unknown: [] };
}
