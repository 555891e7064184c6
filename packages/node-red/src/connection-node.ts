import { type Client, ConnectorError } from 'dynamics365-connector';
import {
  type ConfiguredConnection,
  type ConnectionConfig,
  createConfiguredConnection,
} from './configured-connection.ts';
import { credentialDefinitions } from './credentials.ts';
import type { NodeRedNode } from './node-red-api.ts';
import type { NodeRedContext } from './node-red-context.ts';

interface ConnectionNode extends NodeRedNode {
  readonly connection: ConfiguredConnection;
}

/** The type of the node that holds a connection; its secrets are in Node-RED's own store. */
export function registerConnectionNode(context: NodeRedContext): void {
  function ConnectionNode(this: NodeRedNode, config: ConnectionConfig): void {
    context.red.nodes.createNode(this, config);
    const connection = createConfiguredConnection(context, {
      id: this.id,
      credentials: this.credentials ?? {},
      config,
    });
    Object.assign(this, { connection } satisfies Omit<ConnectionNode, keyof NodeRedNode>);
    this.on('close', (removed, done) => {
      const cleanup = removed && config.signIn === 'user' ? connection.forgetTokens() : Promise.resolve();
      void cleanup.catch(() => {}).then(done);
    });
  }
  context.red.nodes.registerType('dynamics365-connection', ConnectionNode, {
    credentials: credentialDefinitions,
  });
}

/** The connection of that id, once it is deployed. */
export function findConnection({ red }: NodeRedContext, id: string): ConfiguredConnection | undefined {
  return (red.nodes.getNode(id) as ConnectionNode | null)?.connection;
}

/** The client of the connection that a node was given. */
export async function openClientForNode(context: NodeRedContext, id: string): Promise<Client> {
  const connection = findConnection(context, id);
  if (connection !== undefined) return await connection.openClient();
  throw new ConnectorError('CONNECTION_INVALID', 'The node has no connection.', {
    advice: 'Open the node, choose a connection, and deploy.',
  });
}
