import { type Client, ConnectorError } from 'dynamics365-connector';
import { type Connection, type ConnectionConfig, createConnection } from './connection.ts';
import { credentialTypes } from './credentials.ts';
import type { House } from './house.ts';
import type { RedNode } from './red.ts';

interface ConnectionNode extends RedNode {
  readonly connection: Connection;
}

/** The type of the node that holds a connection; its secrets are in Node-RED's own store. */
export function registerConnection(house: House): void {
  function ConnectionNode(this: RedNode, config: ConnectionConfig): void {
    house.red.nodes.createNode(this, config);
    const connection = createConnection(house, { id: this.id, credentials: this.credentials ?? {}, config });
    Object.assign(this, { connection } satisfies Omit<ConnectionNode, keyof RedNode>);
    this.on('close', (removed, done) => {
      const forgotten = removed && config.signIn === 'user' ? connection.forget() : Promise.resolve();
      void forgotten.catch(() => {}).then(done);
    });
  }
  house.red.nodes.registerType('dynamics365-connection', ConnectionNode, { credentials: credentialTypes });
}

/** The connection of that id, once it is deployed. */
export function findConnection({ red }: House, id: string): Connection | undefined {
  return (red.nodes.getNode(id) as ConnectionNode | null)?.connection;
}

/** The client of the connection that a node was given. */
export async function clientOf(house: House, id: string): Promise<Client> {
  const connection = findConnection(house, id);
  if (connection !== undefined) return await connection.openClient();
  throw new ConnectorError('CONNECTION_INVALID', 'The node has no connection.', {
    advice: 'Open the node, choose a connection, and deploy.',
  });
}
