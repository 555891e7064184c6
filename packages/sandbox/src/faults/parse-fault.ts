import type { ConnectorError, JsonObject } from 'dynamics365-connector';
import { isJsonObject, toJsonPointer } from 'dynamics365-connector/host';
import { controlError } from '../control-error.ts';
import type { FaultEffect, InjectedFault } from './fault.ts';

/** What a member of a fault can be. */
interface MemberRule {
  readonly expected: string;
  readonly isValid: (value: unknown) => boolean;
}

// Timers take no longer delays.
const maxNumber = 2 ** 31 - 1;

const numberFrom = (min: number, max = maxNumber): MemberRule => ({
  expected: `a number from ${min} to ${max}`,
  isValid: (value) => typeof value === 'number' && value >= min && value <= max,
});
const wholeNumberFrom = (min: number, max = maxNumber): MemberRule => ({
  expected: `a whole number from ${min} to ${max}`,
  isValid: (value) => Number.isInteger(value) && numberFrom(min, max).isValid(value),
});
const text: MemberRule = { expected: 'a text', isValid: (value) => typeof value === 'string' };
const object: MemberRule = { expected: 'an object', isValid: isJsonObject };
const httpStatus = wholeNumberFrom(200, 599);

interface FaultRules {
  readonly required?: Readonly<Record<string, MemberRule>>;
  readonly optional?: Readonly<Record<string, MemberRule>>;
}

const rulesByKind: Readonly<Record<FaultEffect['kind'], FaultRules>> = {
  delay: { required: { ms: numberFrom(0) } },
  status: {
    required: { status: httpStatus },
    optional: { retryAfterSeconds: numberFrom(0), code: text, message: text, body: object },
  },
  html: { optional: { status: httpStatus } },
  'reset-before': {},
  'no-response': {},
  reset: { required: { atByte: wholeNumberFrom(0) } },
  stall: { required: { atByte: wholeNumberFrom(0) } },
  truncate: { required: { bodyBytes: wholeNumberFrom(0) } },
  trickle: { required: { bytesPerSecond: numberFrom(1) } },
  'late-commit': { required: { ms: numberFrom(0) } },
};

const matchRules: Readonly<Record<string, MemberRule>> = {
  method: text,
  path: text,
  skip: wholeNumberFrom(0),
  times: wholeNumberFrom(1),
  probability: numberFrom(0, 1),
};

/** Reads a fault from JSON. Throws ConnectorError `SETTING_INVALID`. */
export function parseFault(input: JsonObject): InjectedFault {
  const kinds = Object.keys(rulesByKind);
  const { kind } = input;
  if (typeof kind !== 'string' || !Object.hasOwn(rulesByKind, kind))
    throw controlError(
      '/kind',
      `Parameter "kind" must be one of: ${kinds.join(', ')}.`,
      'Send for example {"kind": "status", "status": 503}.',
    );
  const { required = {}, optional = {} } = rulesByKind[kind as FaultEffect['kind']];
  const missing = Object.keys(required).find((name) => input[name] === undefined);
  if (missing !== undefined) throw memberError(kind, missing, required[missing]);
  const rules = { ...matchRules, ...optional, ...required };
  for (const [name, value] of Object.entries(input)) {
    if (name === 'kind') continue;
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (!rule) throw unknownMemberError(kind, name, Object.keys(rules));
    if (!rule.isValid(value)) throw memberError(kind, name, rule);
  }
  return input as unknown as InjectedFault;
}

function memberError(kind: string, name: string, rule: MemberRule | undefined): ConnectorError {
  const message = `A fault of kind "${kind}" needs the parameter "${name}" to be ${rule?.expected}.`;
  return controlError(toJsonPointer(name), message, `Set "${name}" to ${rule?.expected}.`);
}

function unknownMemberError(kind: string, name: string, known: readonly string[]): ConnectorError {
  const message = `A fault of kind "${kind}" has no parameter "${name}".`;
  return controlError(toJsonPointer(name), message, `Use only: kind, ${known.join(', ')}.`);
}
