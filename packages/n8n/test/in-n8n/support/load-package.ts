import { paths } from '../../../scripts/paths.ts';
import type { CredentialType, N8n, NodeType } from './n8n-modules.ts';

/** The package as n8n's loader returns it. */
export interface LoadedPackage {
  readonly action: NodeType;
  readonly trigger: NodeType;
  readonly credential: CredentialType;
  /** All nodes by full type name, `<package>.<node>`. */
  readonly types: Readonly<Record<string, NodeType>>;
}

/** The npm name of the package. */
export const packageName = 'n8n-nodes-dynamics365-customer-service';
export const actionType = `${packageName}.dynamics365`;
export const triggerType = `${packageName}.dynamics365Trigger`;
export const credentialType = 'dynamics365OAuth2Api';

/** Loads the package from the folder where `npm run test:n8n` installed it. */
export async function loadPackage(n8n: N8n): Promise<LoadedPackage> {
  const loader = new n8n.PackageDirectoryLoader(paths.installed);
  await loader.loadAll();
  const nodes = Object.entries(loader.nodeTypes);
  const types = Object.fromEntries(nodes.map(([name, { type }]) => [`${loader.packageName}.${name}`, type]));
  const credential = loader.credentialTypes[credentialType]!.type;
  return { action: types[actionType]!, trigger: types[triggerType]!, credential, types };
}
