import type { ErrorCategory } from 'dynamics365-connector';

/** What the process ends with, for scripts; `d365 --help` prints this table. */
export const exitCodes: Readonly<Record<ErrorCategory, number>> = {
  manifest: 2,
  input: 2,
  connection: 3,
  permission: 3,
  data: 4,
  throttled: 5,
  transient: 5,
  'unknown-outcome': 6,
  contract: 7,
  checkpoint: 7,
  operator: 8,
};

/** The table as text for people. */
export const exitCodeHelp = `Exit codes:
  0  done                       5  throttled or unreachable: repeat later
  1  tests or checks failed     6  outcome unknown: look before you repeat
  2  wrong usage or input       7  the service broke its contract, or a foreign checkpoint
  3  connection or permission   8  a setting of this machine
  4  refused by the data`;
