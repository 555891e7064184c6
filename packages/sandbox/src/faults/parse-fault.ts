import { ConnectorError, type JsonObject } from 'dynamics365-connector';
import type { FaultEffect, InjectedFault } from './fault.ts';

/** The numbers and texts that each kind needs. */
const requiredNumbers: Readonly<Record<FaultEffect['kind'], readonly string[]>> = {
  delay: ['ms'],
  status: ['status'],
  html: [],
  drop: [],
  silence: [],
  reset: ['atByte'],
  stall: ['atByte'],
  truncate: ['bodyBytes'],
  trickle: ['bytesPerSecond'],
  'late-commit': ['ms'],
};

/** Reads a fault that came as JSON. Throws a sentence about what is wrong with it. */
export function parseFault(input: JsonObject): InjectedFault {
  const kind = String(input.kind);
  if (!Object.hasOwn(requiredNumbers, kind))
    throw new ConnectorError(
      'SETTING_INVALID',
      `kind must be one of ${Object.keys(requiredNumbers).join(', ')}.`,
    );
  for (const name of requiredNumbers[kind as FaultEffect['kind']]) {
    const value = input[name];
    if (typeof value !== 'number' || !(value >= 0))
      throw new ConnectorError('SETTING_INVALID', `${kind} needs ${name}, a number from 0.`);
  }
  return input as unknown as InjectedFault;
}
