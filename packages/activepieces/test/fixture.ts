import { createMockActionContext } from '@activepieces/pieces-framework';
import type { JsonObject } from 'dynamics365-connector';
import type { Sandbox } from 'dynamics365-connector-sandbox';
import { openSandboxClient } from '../../../test/support/sandbox-client.ts';
import { createDynamics365Piece } from '../src/create-piece.ts';
import type { FlowStore, FormValues, Piece, PieceProperty, TriggerContext } from '../src/piece-types.ts';

/** A piece whose connections may be those of a sandbox. */
export interface PieceFixture {
  readonly piece: Piece;
  readonly sandbox: Sandbox;
  /** The connection of an app, as the platform passes it to a step. */
  readonly auth: JsonObject;
  /** Runs an action with the values of a form. */
  run(name: string, values: FormValues): Promise<unknown>;
  /** Opens a list of a form and returns it. */
  openList(operation: string, property: string, request?: ListRequest): Promise<OpenedList>;
  /** The files that actions have stored. */
  readonly files: Map<string, Uint8Array>;
  close(): Promise<void>;
}

export interface ListRequest {
  readonly values?: FormValues;
  readonly searchValue?: string;
}

export interface OpenedList {
  readonly disabled?: boolean;
  readonly placeholder?: string;
  readonly options: readonly { readonly label: string; readonly value: unknown }[];
}

export async function openPiece(): Promise<PieceFixture> {
  const { connector, sandbox, close } = await openSandboxClient();
  const connectOptions = { allowLoopback: true, localAuthority: sandbox.authority.url };
  const piece = createDynamics365Piece(connector, connectOptions);
  const { clientId, clientSecret = '' } = sandbox.app;
  const props = {
    environmentUrl: sandbox.organization.origin,
    tenant: sandbox.authority.tenantId,
    clientId,
    clientSecret,
  };
  const auth = { type: 'CUSTOM_AUTH', props };
  const files = new Map<string, Uint8Array>();
  const write = async ({ fileName, data }: { fileName: string; data: Uint8Array }) => {
    files.set(fileName, data);
    return `https://platform/files/${fileName}`;
  };
  return {
    piece,
    sandbox,
    auth,
    files,
    close,
    run: async (name, values) => {
      const context = createMockActionContext({ propsValue: { auth, ...values } });
      return await piece.getAction(name)!.run({ ...context, auth, files: { write } });
    },
    openList: async (operation, property, { values = {}, searchValue } = {}) => {
      const { props: properties } = piece.getAction(operation) ?? piece.getTrigger(operation)!;
      const { options } = properties[property] as PieceProperty & ListProperty;
      return await options({ auth, ...values }, { searchValue });
    },
  };
}

interface ListProperty {
  options(values: FormValues, context: { readonly searchValue?: string | undefined }): Promise<OpenedList>;
}

/** A store as the platform's: it refuses long keys and values of more than 512 KB, and returns null for a missing one. */
export function createFlowStore(entries = new Map<string, string>()): FlowStore {
  return {
    async get<T>(key: string) {
      const text = entries.get(key);
      return text === undefined ? null : (JSON.parse(text) as T);
    },
    async put<T>(key: string, value: T) {
      const text = JSON.stringify(value);
      if (key.length > 128) throw new Error(`The key ${key} is too long.`);
      if (Buffer.byteLength(text) > 512 * 1024) throw new Error('The value is too large.');
      entries.set(key, text);
      return value;
    },
    async delete(key) {
      entries.delete(key);
    },
  };
}

/** What the platform passes to a trigger. */
export function triggerContext(
  { auth }: Pick<PieceFixture, 'auth'>,
  store: FlowStore,
  propsValue: FormValues = {},
): TriggerContext {
  return { auth, store, propsValue };
}
