import type { ConnectorDefinition, Diagnostic } from 'dynamics365-connector';
import { readSource, type SourceNode } from 'dynamics365-connector/authoring';
import { isLoopbackHost, parseJsonPointer, suggest, type Validator } from 'dynamics365-connector/host';
import type { DeliveryYaml, SubscriptionYaml, WorkerFile } from './worker-file.ts';

/** What the references of a worker file are checked against. */
export interface WorkerFileContext {
  readonly definition: ConnectorDefinition;
  readonly validator: Validator;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The result of a check: the content if there are no diagnostics. */
export interface CheckedWorkerFile {
  readonly settings?: WorkerFile;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Checks a worker file and returns all diagnostics. YAML and structure have the codes of the manifest, references have
 * their own: W101 connection, W102 trigger, W103 params, W104 time, W105 environment variable, W106 webhook URL, W107 push.
 */
export function checkWorkerFile(file: string, text: string, context: WorkerFileContext): CheckedWorkerFile {
  const found = new Map<string, Diagnostic>();
  const root = readSource('worker', file, text, { validator: context.validator, diagnostics: found });
  const settings = root?.source.data as WorkerFile | undefined;
  if (root?.source.broken.length === 0 && settings !== undefined) checkReferences(root, settings, context);
  return found.size > 0 ? { diagnostics: [...found.values()] } : { settings, diagnostics: [] };
}

function checkReferences(
  root: SourceNode,
  { connections, subscriptions, push }: WorkerFile,
  context: WorkerFileContext,
): void {
  if (push !== undefined && !context.env[push.secret.env])
    root.at('push', 'secret', 'env').error('W105', `the variable ${push.secret.env} is not set`, {
      fix: `${push.secret.env}="$(openssl rand -base64 32)"`,
    });
  for (const [name, connection] of Object.entries(connections)) {
    if (!('env' in connection)) continue;
    const variable = `${connection.env}_ORG_URL`;
    if (!context.env[variable])
      root.at('connections', name, 'env').error('W105', `the variable ${variable} is not set`);
  }
  const connectionNames = Object.keys(connections);
  for (const [id, subscription] of Object.entries(subscriptions)) {
    const node = root.at('subscriptions', id);
    checkKnownName(node.at('connection'), ['W101', 'connection'], {
      name: subscription.connection,
      known: connectionNames,
    });
    checkTrigger(node, subscription, context);
    checkStart(node.at('from'), subscription.from);
    checkDelivery(node.at('deliver'), subscription.deliver, context);
    if (subscription.push === true) checkPush(node.at('push'), subscription, { push, context });
  }
}

function checkKnownName(
  node: SourceNode,
  [code, kind]: readonly [code: string, kind: string],
  { name, known }: { readonly name: string; readonly known: readonly string[] },
): void {
  if (known.includes(name)) return;
  const [nearest] = suggest(name, known, 1);
  node.error(code, `there is no ${kind} "${name}"`, { fix: nearest && `did you mean "${nearest}"?` });
}

function checkTrigger(
  node: SourceNode,
  { trigger, params = {} }: SubscriptionYaml,
  { definition: { triggers }, validator }: WorkerFileContext,
): void {
  checkKnownName(node.at('trigger'), ['W102', 'trigger'], { name: trigger, known: Object.keys(triggers) });
  const input = triggers[trigger]?.input;
  if (input === undefined) return;
  for (const { path, message } of validator.issues(input, validator.withDefaults(input, params)))
    node.at('params', ...parseJsonPointer(path)).error('W103', message);
}

function checkPush(
  node: SourceNode,
  { trigger }: SubscriptionYaml,
  { push, context }: { readonly push: WorkerFile['push']; readonly context: WorkerFileContext },
): void {
  if (push === undefined)
    node.error('W107', 'the file does not say where webhooks are received', {
      fix: 'add `push: { url: "https://hooks.example.com/d365", secret: { env: D365_PUSH_SECRET } }` to the file',
    });
  if (context.definition.triggers[trigger]?.watch.due !== undefined)
    node.error('W107', 'the trigger reports deadlines, and no webhook tells that one has passed', {
      fix: 'remove it',
    });
}

function checkStart(node: SourceNode, from = 'beginning'): void {
  if (from === 'beginning' || !Number.isNaN(Date.parse(from))) return;
  node.error('W104', 'this time does not exist', { fix: 'write it as 2026-01-15T09:00:00Z' });
}

function checkDelivery(node: SourceNode, deliver: DeliveryYaml, { env }: WorkerFileContext): void {
  if (!('webhook' in deliver)) return;
  const { url, secret } = deliver.webhook;
  if (!isAllowedWebhookUrl(url)) {
    const message = 'the URL must use https, or http on this machine, without user name and password';
    node.at('webhook', 'url').error('W106', message);
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
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
}
