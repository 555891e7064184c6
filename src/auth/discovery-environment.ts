import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';
import { type CloudName, clouds } from './clouds.ts';
import { type Environment, parseEnvironment } from './environment.ts';

/**
 * Returns the discovery service of a cloud (default `commercial`) as an environment to sign in to, for users who do not
 * know the URL of their organization. `local` is the URL of a sandbox's discovery service (`http://127.0.0.1:...`), an
 * option for operators. Throws CONNECTION_INVALID for an unknown cloud.
 */
export function resolveDiscoveryEnvironment(options: {
  readonly cloud?: string;
  readonly local?: string;
}): Environment {
  const { cloud = 'commercial', local } = options;
  if (local !== undefined) return resolveLocalDiscovery(local);
  if (!Object.hasOwn(clouds, cloud)) {
    throw new ConnectorError('CONNECTION_INVALID', `There is no Microsoft cloud "${cloud}".`, {
      advice: `The clouds are ${Object.keys(clouds).join(', ')}.`,
      suggestions: suggest(cloud, Object.keys(clouds)),
    });
  }
  const origin = clouds[cloud as CloudName].discoveryOrigin;
  return { origin, host: new URL(origin).host, cloud: cloud as CloudName };
}

function resolveLocalDiscovery(address: string): Environment {
  const environment = parseEnvironment(address, { allowLoopback: true });
  if (environment.cloud === 'local') return environment;
  throw new ConnectorError('CONNECTION_INVALID', 'The discovery service must be on this machine.', {
    advice:
      'Set it to http://127.0.0.1:<port>, which the sandbox prints. The Microsoft clouds need no setting.',
  });
}
