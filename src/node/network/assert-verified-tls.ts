import { ConnectorError } from '../../errors/connector-error.ts';

/** Throws SETTING_INVALID if the process does not verify certificates: a token could be sent to any server. */
export function assertVerifiedTls(env: Readonly<Record<string, string | undefined>>): void {
  if (env.NODE_TLS_REJECT_UNAUTHORIZED !== '0') return;
  throw new ConnectorError(
    'SETTING_INVALID',
    'NODE_TLS_REJECT_UNAUTHORIZED=0 disables certificate verification.',
    {
      advice:
        'Remove the variable. Add the certificate of your own certificate authority with NODE_EXTRA_CA_CERTS.',
    },
  );
}
