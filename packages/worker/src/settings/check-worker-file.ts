import type { Definition, Diagnostic } from 'dynamics365-connector';
import { checkShape, readYaml, Site } from 'dynamics365-connector/authoring';
import { suggest, type Validator } from 'dynamics365-connector/host';
import type { DeliverYaml, SubscriptionYaml, WorkerFile } from './worker-file.ts';

/** What a worker's file is held against. */
export interface WorkerSite {
  readonly definition: Definition;
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
export function checkWorkerFile(file: string, text: string, site: WorkerSite): CheckedWorkerFile {
  const { source, diagnostics } = readYaml(file, text);
  if (source === undefined) return { diagnostics };
  const found = new Map<string, Diagnostic>();
  const root = new Site(source, found);
  if (checkShape('worker', root, site.validator)) {
    checkReferences(root, source.data as unknown as WorkerFile, site);
  }
  const faults = [...found.values()];
  return faults.length > 0
    ? { diagnostics: faults }
    : { settings: source.data as unknown as WorkerFile, diagnostics: [] };
}

function checkReferences(root: Site, { connections, subscriptions }: WorkerFile, site: WorkerSite): void {
  for (const [name, connection] of Object.entries(connections)) {
    if (!('env' in connection)) continue;
    const variable = `${connection.env}_ORG_URL`;
    if (!site.env[variable])
      root.at('connections', name, 'env').error('W105', `the variable ${variable} is not set`);
  }
  for (const [id, subscription] of Object.entries(subscriptions)) {
    const at = root.at('subscriptions', id);
    checkName(at.at('connection'), ['W101', 'connection'], subscription.connection, Object.keys(connections));
    checkTrigger(at, subscription, site);
    if (Number.isNaN(Date.parse(subscription.from ?? '1970')) && subscription.from !== 'beginning') {
      at.at('from').error('W104', 'this is not a time', { fix: 'write it as 2026-01-15T09:00:00Z' });
    }
    checkDelivery(at.at('deliver'), subscription.deliver, site);
  }
}

function checkName(
  at: Site,
  [code, what]: readonly [string, string],
  name: string,
  known: readonly string[],
): boolean {
  if (known.includes(name)) return true;
  const [near] = suggest(name, known, 1);
  at.error(code, `there is no ${what} "${name}"`, { fix: near && `did you mean "${near}"?` });
  return false;
}

function checkTrigger(at: Site, { trigger, params = {} }: SubscriptionYaml, site: WorkerSite): void {
  const { triggers } = site.definition;
  if (!checkName(at.at('trigger'), ['W102', 'trigger'], trigger, Object.keys(triggers))) return;
  const { input } = triggers[trigger]!;
  for (const { path, message } of site.validator.issues(input, site.validator.withDefaults(input, params))) {
    const words = path
      .split('/')
      .slice(1)
      .map((word) => word.replaceAll('~1', '/').replaceAll('~0', '~'));
    at.at('params', ...words).error('W103', message);
  }
}

function checkDelivery(at: Site, deliver: DeliverYaml, { env }: WorkerSite): void {
  if (!('webhook' in deliver)) return;
  const { url, secret } = deliver.webhook;
  if (!isWebhook(url)) {
    at.at('webhook', 'url').error(
      'W106',
      'a webhook is https, or http on this machine, without user and password',
    );
  }
  if (!env[secret.env]) {
    at.at('webhook', 'secret', 'env').error('W105', `the variable ${secret.env} is not set`, {
      fix: `${secret.env}="whsec_$(openssl rand -base64 32)"`,
    });
  }
}

function isWebhook(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return (
    protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
  );
}
