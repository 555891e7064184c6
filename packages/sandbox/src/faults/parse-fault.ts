import { ConnectorError, type JsonObject } from 'dynamics365-connector';
import type { FaultEffect, InjectedFault } from './fault.ts';

/** The numbers that each kind requires. */
const requiredNumbers: Readonly<Record<FaultEffect['kind'], readonly string[]>> = {
  delay: ['ms'],
  status: ['status'],
  html: [],
  'reset-before': [],
  'no-response': [],
  reset: ['atByte'],
  stall: ['atByte'],
  truncate: ['bodyBytes'],
  trickle: ['bytesPerSecond'],
  'late-commit': ['ms'],
};

/** Reads a fault from JSON. Throws ConnectorError `SETTING_INVALID`. */
export function parseFault(input: JsonObject): InjectedFault {
  const kind = String(input.kind);
  if (!Object.hasOwn(requiredNumbers, kind))
    throw new ConnectorError(
      'SETTING_INVALID',
      `Parameter "kind" must be one of: ${Object.keys(requiredNumbers).join(', ')}.`,
    );
  for (const name of requiredNumbers[kind as FaultEffect['kind']]) {
    const value = input[name];
    if (typeof value !== 'number' || !(value >= 0))
      throw new ConnectorError(
        'SETTING_INVALID',
        `A fault of kind "${kind}" needs the parameter "${name}", a number of at least 0.`,
      );
  }
  return input as unknown as InjectedFault;
}
