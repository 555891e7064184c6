import type { Client } from '../../engine/client.ts';
import { ConnectorError } from '../../errors/connector-error.ts';
import { Secret } from '../../model/secret.ts';
import type { House } from './house.ts';
import type { RedNode } from './red.ts';

interface ConnectionConfig {
  readonly orgUrl: string;
  readonly tenant: string;
  readonly clientId: string;
}

/** A connection as other nodes use it. */
export interface ConnectionNode extends RedNode {
  /** CONNECTION_INVALID when the settings cannot be used. */
  openClient(): Client;
}

/** The type of the node that holds a connection: an application user, its secret in Node-RED's own store. */
export function registerConnection({ red, connector }: House): void {
  function Connection(this: RedNode, config: ConnectionConfig): void {
    red.nodes.createNode(this, config);
    const { orgUrl, tenant, clientId } = config;
    const secret = new Secret(this.credentials?.clientSecret ?? '');
    let client: Client | undefined;
    const openClient = () => {
      client ??= connector.connect(
        { orgUrl, tenant },
        { kind: 'app', app: { clientId, secret } },
        red.settings.dynamics365,
      );
      return client;
    };
    Object.assign(this, { openClient });
  }
  red.nodes.registerType('dynamics365-connection', Connection, {
    credentials: { clientSecret: { type: 'password' } },
  });
}

/** The client of the connection that a node was given. */
export function clientOf({ red }: House, connection: string): Client {
  const node = red.nodes.getNode(connection) as ConnectionNode | null;
  if (typeof node?.openClient === 'function') return node.openClient();
  throw new ConnectorError('CONNECTION_INVALID', 'The node has no connection.', {
    advice: 'Open the node, choose a connection, and deploy.',
  });
}
