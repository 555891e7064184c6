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

/** Registers `dynamics365-connection`, the configuration node; Node-RED stores its secrets encrypted. */
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

/** The deployed connection with an id; undefined when there is none. */
export function findConnection({ red }: NodeRedContext, id: string): ConfiguredConnection | undefined {
  return (red.nodes.getNode(id) as ConnectionNode | null)?.connection;
}

/** Opens the client of the connection that a node is configured with; CONNECTION_INVALID when it has none. */
export async function openClientForNode(context: NodeRedContext, id: string): Promise<Client> {
  const connection = findConnection(context, id);
  if (connection !== undefined) return await connection.openClient();
  throw new ConnectorError('CONNECTION_INVALID', 'The node has no connection.', {
    advice: 'Open the node, choose a connection, and deploy.',
  });
}
