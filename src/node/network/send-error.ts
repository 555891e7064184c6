import { ConnectorError } from '../../errors/connector-error.ts';
import { causeCode, TransportError } from '../../http/transport-error.ts';
import { type FindProxy, type ProxyServer, targetOf } from './find-proxy.ts';
import { extraFileInvalid, invalidCertificates } from './trusted-certificates.ts';

/** An error of opening a connection. Libraries keep only the code of an error, so the code says all. */
export function connectError(code: string): Error {
  return Object.assign(new Error(`No connection (${code}).`), { code });
}

/**
 * Converts the error of a library that sends requests. Only its code is kept: messages may contain the complete URL, and a
 * filter in it contains personal data. A failure of the proxy is named as such; the request was not sent then.
 */
export function toSendError(error: unknown, url: string, findProxy: FindProxy): Error {
  const code = causeCode(error);
  if (code === extraFileInvalid) return invalidCertificates('The file of NODE_EXTRA_CA_CERTS');
  const [, failure] = /^PROXY_(\w+)$/.exec(code ?? '') ?? [];
  const target = targetOf(new URL(url));
  const proxy = failure === undefined ? undefined : findProxy(target);
  if (failure !== undefined && proxy !== undefined) return proxyError(proxy, target.hostname, failure);
  const { name } = error as Error;
  return Object.assign(new Error(`The request failed (${code ?? name}).`), { code });
}

function proxyError({ address, authorization }: ProxyServer, host: string, failure: string): ConnectorError {
  if (failure === '407') {
    const asked =
      authorization === undefined ? 'asks for a user and a password' : 'refuses the user or the password';
    return new ConnectorError(
      'SETTING_INVALID',
      `The proxy ${address} ${asked} (HTTP 407); nothing was sent.`,
      {
        advice: 'Write user:password@ before the host of the proxy, percent-encoded.',
      },
    );
  }
  const message = /^\d/.test(failure)
    ? `The proxy ${address} does not connect to ${host} (HTTP ${failure}); nothing was sent.`
    : `No connection to the proxy ${address} (${failure}); nothing was sent.`;
  return new TransportError('NETWORK', message, {
    maybeSent: false,
    advice: `Check the address of the proxy, and that it allows ${host}. NO_PROXY names hosts that need no proxy.`,
  });
}
