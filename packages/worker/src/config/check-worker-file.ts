import type { ConnectorDefinition, Diagnostic } from 'dynamics365-connector';
import { checkGrammar, readYaml, SourceNode } from 'dynamics365-connector/authoring';
import { suggest, type Validator } from 'dynamics365-connector/host';
import type { DeliveryYaml, SubscriptionYaml, WorkerFile } from './worker-file.ts';

/** What a worker's file is held against. */
export interface WorkerFileContext {
  readonly definition: ConnectorDefinition;
  readonly validator: Validator;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The file, when nothing is wrong with it; and everything that is, each with its place. */
export interface CheckedWorkerFile {
  readonly settings?: WorkerFile;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Checks a worker's file, all of it at once: YAML and shape with the codes of the manifest, and what it refers
 * to with codes of its own: W101 a connection, W102 a trigger, W103 params, W104 a time, W105 a variable that
 * is not set, W106 the address of a webhook.
 */
export function checkWorkerFile(file: string, text: string, context: WorkerFileContext): CheckedWorkerFile {
  const { source, diagnostics } = readYaml(file, text);
  if (source === undefined) return { diagnostics };
  const found = new Map<string, Diagnostic>();
  const root = new SourceNode(source, found);
  if (checkGrammar('worker', root, context.validator)) {
    checkReferences(root, source.data as unknown as WorkerFile, context);
  }
  const fileDiagnostics = [...found.values()];
  return fileDiagnostics.length > 0
    ? { diagnostics: fileDiagnostics }
    : { settings: source.data as unknown as WorkerFile, diagnostics: [] };
}

function checkReferences(
  root: SourceNode,
  { connections, subscriptions }: WorkerFile,
  context: WorkerFileContext,
): void {
  for (const [name, connection] of Object.entries(connections)) {
    if (!('env' in connection)) continue;
    const variable = `${connection.env}_ORG_URL`;
    if (!context.env[variable])
      root.at('connections', name, 'env').error('W105', `the variable ${variable} is not set`);
  }
  for (const [id, subscription] of Object.entries(subscriptions)) {
    const node = root.at('subscriptions', id);
    checkKnownName(
      node.at('connection'),
      ['W101', 'connection'],
      subscription.connection,
      Object.keys(connections),
    );
    checkTrigger(node, subscription, context);
    if (Number.isNaN(Date.parse(subscription.from ?? '1970')) && subscription.from !== 'beginning') {
      node.at('from').error('W104', 'this is not a time', { fix: 'write it as 2026-01-15T09:00:00Z' });
    }
    checkDelivery(node.at('deliver'), subscription.deliver, context);
  }
}

function checkKnownName(
  node: SourceNode,
  [code, what]: readonly [string, string],
  name: string,
  known: readonly string[],
): boolean {
  if (known.includes(name)) return true;
  const [near] = suggest(name, known, 1);
  node.error(code, `there is no ${what} "${name}"`, { fix: near && `did you mean "${near}"?` });
  return false;
}

function checkTrigger(
  node: SourceNode,
  { trigger, params = {} }: SubscriptionYaml,
  context: WorkerFileContext,
): void {
  const { triggers } = context.definition;
  if (!checkKnownName(node.at('trigger'), ['W102', 'trigger'], trigger, Object.keys(triggers))) return;
  const { input } = triggers[trigger]!;
  for (const { path, message } of context.validator.issues(
    input,
    context.validator.withDefaults(input, params),
  )) {
    const words = path
      .split('/')
      .slice(1)
      .map((word) => word.replaceAll('~1', '/').replaceAll('~0', '~'));
    node.at('params', ...words).error('W103', message);
  }
}

function checkDelivery(node: SourceNode, deliver: DeliveryYaml, { env }: WorkerFileContext): void {
  if (!('webhook' in deliver)) return;
  const { url, secret } = deliver.webhook;
  if (!isAllowedWebhookUrl(url)) {
    node
      .at('webhook', 'url')
      .error('W106', 'a webhook is https, or http on this machine, without user and password');
  }
  if (!env[secret.env]) {
    node.at('webhook', 'secret', 'env').error('W105', `the variable ${secret.env} is not set`, {
      fix: `${secret.env}="whsec_$(openssl rand -base64 32)"`,
    });
  }
}

function isAllowedWebhookUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return (
    protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
  );
}
