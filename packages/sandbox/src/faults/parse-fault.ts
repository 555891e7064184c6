import type { ConnectorError, JsonObject } from 'dynamics365-connector';
import { isJsonObject, toJsonPointer } from 'dynamics365-connector/base';
import { controlError } from '../control-error.ts';
import type { DeliveryFault, DeliveryFaultEffect } from '../webhooks/delivery-faults.ts';
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

const deliveryRulesByKind: Readonly<Record<DeliveryFaultEffect['kind'], FaultRules>> = {
  drop: {},
  duplicate: {},
  delay: { required: { ms: numberFrom(0) } },
  reorder: {},
};

/** JSON has no Infinity. */
const allTimes = 'all';
const scheduleRules: Readonly<Record<string, MemberRule>> = {
  skip: wholeNumberFrom(0),
  times: {
    expected: `${wholeNumberFrom(1).expected}, or "${allTimes}"`,
    isValid: (value) => value === allTimes || wholeNumberFrom(1).isValid(value),
  },
  probability: numberFrom(0, 1),
};

/** Reads a fault of requests from JSON. Throws ConnectorError `SETTING_INVALID`. */
export const parseFault = (input: JsonObject): InjectedFault =>
  parse(input, {
    kinds: rulesByKind,
    match: { method: text, path: text, ...scheduleRules },
  }) as InjectedFault;

/** Reads a fault of the delivery of webhooks from JSON. Throws ConnectorError `SETTING_INVALID`. */
export const parseDeliveryFault = (input: JsonObject): DeliveryFault =>
  parse(input, {
    kinds: deliveryRulesByKind,
    match: { table: text, message: text, ...scheduleRules },
  }) as DeliveryFault;

function parse(
  input: JsonObject,
  rules: {
    readonly kinds: Readonly<Record<string, FaultRules>>;
    readonly match: Readonly<Record<string, MemberRule>>;
  },
): unknown {
  const kinds = Object.keys(rules.kinds);
  const { kind } = input;
  if (typeof kind !== 'string' || !Object.hasOwn(rules.kinds, kind))
    throw controlError(
      '/kind',
      `Parameter "kind" must be one of: ${kinds.join(', ')}.`,
      `Send for example {"kind": "${kinds[0]}"} with the parameters of that kind.`,
    );
  const { required = {}, optional = {} } = rules.kinds[kind] ?? {};
  const missing = Object.keys(required).find((name) => input[name] === undefined);
  if (missing !== undefined) throw memberError(kind, missing, required[missing]);
  const members = { ...rules.match, ...optional, ...required };
  for (const [name, value] of Object.entries(input)) {
    if (name === 'kind') continue;
    const rule = Object.hasOwn(members, name) ? members[name] : undefined;
    if (!rule) throw unknownMemberError(kind, name, Object.keys(members));
    if (!rule.isValid(value)) throw memberError(kind, name, rule);
  }
  return input.times === allTimes ? { ...input, times: Number.POSITIVE_INFINITY } : input;
}

function memberError(kind: string, name: string, rule: MemberRule | undefined): ConnectorError {
  const message = `A fault of kind "${kind}" needs the parameter "${name}" to be ${rule?.expected}.`;
  return controlError(toJsonPointer(name), message, `Set "${name}" to ${rule?.expected}.`);
}

function unknownMemberError(kind: string, name: string, known: readonly string[]): ConnectorError {
  const message = `A fault of kind "${kind}" has no parameter "${name}".`;
  return controlError(toJsonPointer(name), message, `Use only: kind, ${known.join(', ')}.`);
}
