import { randomBytes } from 'node:crypto';
import { type Clock, type JsonObject, Secret, type StateStore, type Vault } from 'dynamics365-connector';
import { omitUndefined } from 'dynamics365-connector/host';
import { parseStoredObject } from '../stored-object.ts';

/** A subscription that was made over the API, as it is stored. Its signing secret is in the vault. */
export interface ApiSubscription {
  /** `sub_` and 16 characters. */
  readonly id: string;
  /** Id of the API key that made it. */
  readonly owner: string;
  readonly connection: string;
  readonly trigger: string;
  readonly params: JsonObject;
  readonly url: string;
  readonly everyMs?: number;
  readonly from?: string;
  readonly ignoreChangesBy?: string;
  /** Webhooks of the organization wake its polls. */
  readonly push?: boolean;
  /** RFC 3339. */
  readonly createdAt: string;
}

export type NewSubscription = Omit<ApiSubscription, 'id' | 'createdAt'>;

/** The subscriptions in a store. All processes that share it know the same ones. */
export interface StoredSubscriptions {
  /** The stored text of each, which tells whether it has changed. */
  readTexts(): Promise<ReadonlyMap<string, string>>;
  /** The secret that signs the webhooks of a subscription; undefined while it is being deleted. */
  readSecret(id: string): Promise<Secret | undefined>;
  create(
    subscription: NewSubscription,
  ): Promise<{ readonly stored: ApiSubscription; readonly secret: Secret }>;
  find(id: string): Promise<ApiSubscription | undefined>;
  /** Changes the address. The signing secret stays. */
  redirect(id: string, url: string): Promise<void>;
  remove(id: string): Promise<void>;
}

const prefix = 'service/subscription/';
const idPattern = /^sub_[\w-]{16}$/;
const secretName = (id: string) => ({ connection: `service-subscription-${id}`, field: 'secret' });

/** Opens the subscriptions in a store and its vault. */
export function openStoredSubscriptions({
  store,
  vault,
  clock,
}: {
  readonly store: StateStore;
  readonly vault: Vault;
  readonly clock: Clock;
}): StoredSubscriptions {
  return {
    async readTexts() {
      const entries = await store.getMany(await store.keys(prefix));
      return new Map([...entries].map(([key, { value }]) => [key.slice(prefix.length), value]));
    },
    readSecret: async (id) => (await vault.read(secretName(id)))?.secret,
    async create(settings) {
      const id = `sub_${randomBytes(12).toString('base64url')}`;
      const createdAt = new Date(clock.now()).toISOString();
      const stored: ApiSubscription = omitUndefined({ ...settings, id, createdAt });
      const secret = new Secret(`whsec_${randomBytes(32).toString('base64')}`);
      await vault.write(secretName(id), secret);
      await store.set(`${prefix}${id}`, JSON.stringify(stored));
      return { stored, secret };
    },
    async find(id) {
      const entry = idPattern.test(id) ? await store.get(`${prefix}${id}`) : undefined;
      return entry && parseSubscription(entry.value);
    },
    async redirect(id, url) {
      const entry = await store.get(`${prefix}${id}`);
      const stored = entry && parseSubscription(entry.value);
      if (stored === undefined) return;
      await store.set(`${prefix}${id}`, JSON.stringify({ ...stored, url }));
    },
    async remove(id) {
      await store.delete(`${prefix}${id}`);
      await vault.delete(secretName(id));
    },
  };
}

/** Undefined if the text is no subscription. */
export function parseSubscription(text: string): ApiSubscription | undefined {
  const types = {
    id: 'string',
    connection: 'string',
    trigger: 'string',
    params: 'object',
    url: 'string',
  } as const;
  return parseStoredObject<ApiSubscription>(text, types);
}
