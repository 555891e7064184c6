import type { JsonObject } from 'dynamics365-connector';
import type { Sandbox } from 'dynamics365-connector-sandbox';
import type { CredentialType, N8nWorkflow } from './n8n-modules.ts';

/** The values of the credential form for a sandbox. */
export function credentialDataFor({ organization, authority, app }: Sandbox): JsonObject {
  return {
    environmentUrl: organization.origin,
    cloud: 'commercial',
    tenant: authority.tenantId,
    grantType: 'clientCredentials',
    clientId: app.clientId,
    clientSecret: app.clientSecret!,
    authorityUrl: authority.url,
  };
}

/** An in-memory version of n8n's credential store with one credential. */
export interface CredentialStore {
  /** The stored values, with `oauthTokenData` after a sign-in. */
  readonly stored: JsonObject;
  /** The credentials helper that n8n's engine uses. */
  readonly helper: object;
  /** The values that nodes and requests get: with defaults and evaluated expressions over `$self`. */
  resolve(): Promise<JsonObject>;
}

// n8n ignores stored values of these fields where the type hides them, and uses the expression of the type.
const ignoredWhenHidden = ['authUrl', 'accessTokenUrl', 'grantType', 'authentication', 'usePkce'];

// Fields inherited from n8n's oAuth2Api, which is not part of the engine.
const inherited = ['clientId', 'clientSecret'].map((name) => ({
  displayName: name,
  name,
  type: 'string',
  default: '',
}));

/** Opens a store with one credential of the type. */
export function openCredentialStore(
  { Workflow, NodeHelpers }: N8nWorkflow,
  type: CredentialType,
  filledIn: JsonObject,
): CredentialStore {
  let stored: JsonObject = structuredClone(filledIn);
  const node = { name: 'mock', type: 'mock', typeVersion: 1, position: [0, 0], parameters: {} };
  const description = { properties: [], inputs: [], outputs: [] };
  const nodeTypes = { getByNameAndVersion: () => ({ description }), getKnownTypes: () => ({}) };

  async function resolve(): Promise<JsonObject> {
    const properties = [...inherited, ...type.properties];
    const hidden = properties.filter(({ type }) => type === 'hidden').map(({ name }) => name);
    const used = Object.entries(stored).filter(
      ([name]) => !ignoredWhenHidden.includes(name) || !hidden.includes(name),
    );
    const filled = NodeHelpers.getNodeParameters(
      properties,
      Object.fromEntries(used) as JsonObject,
      true,
      false,
      null,
      null,
    );
    const { oauthTokenData } = stored;
    const all: JsonObject = oauthTokenData === undefined ? filled : { ...filled, oauthTokenData };
    const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
    await workflow.expression.acquireIsolate();
    try {
      const { expression } = workflow;
      return expression.getComplexParameterValue(node, all, 'internal', {}, undefined, undefined, all);
    } finally {
      await workflow.expression.releaseIsolate();
    }
  }

  const helper = {
    isCredentialUsableByNode: () => true,
    getParentTypes: () => ['oAuth2Api'],
    getDecrypted: resolve,
    authenticate: async (_credential: unknown, _type: unknown, options: unknown) => options,
    runPreAuthentication: async () => undefined,
    preAuthentication: async () => undefined,
    updateCredentialsOauthTokenData: async (_node: unknown, _type: unknown, data: JsonObject) => {
      stored = { ...stored, oauthTokenData: structuredClone(data.oauthTokenData!) };
    },
  };
  return {
    get stored() {
      return stored;
    },
    helper,
    resolve,
  };
}
