import type { ErrorCategory } from 'dynamics365-connector';

/** The exit code of each category of errors. `d365 --help` prints them. */
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

/** The table of exit codes in `d365 --help`. */
export const exitCodeHelp = `Exit codes:
  0  success                    5  throttled or unreachable: try again later
  1  tests or checks failed     6  outcome unknown: check the row before you try again
  2  invalid usage or input     7  unexpected response of the service, or invalid checkpoint
  3  connection or permission   8  invalid setting on this machine
  4  rejected because of data`;
