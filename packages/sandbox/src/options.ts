import type { Clock, MetadataTable } from 'dynamics365-connector';
import type { Assumptions } from './assumptions.ts';
import type { ConsentPolicy } from './authority/directory.ts';
import type { TokenLifetimes } from './authority/token-lifetimes.ts';
import type { LimitSettings } from './limits/limiter.ts';
import type { SendWebhook } from './webhooks/send-webhook.ts';

/** One organization of a sandbox. */
export interface OrganizationOptions {
  /** Unique name, for example `contoso`. */
  readonly name: string;
  /** The rows that a new organization starts with. Default: `sample`. */
  readonly data?: 'sample' | 'empty';
  /** LCIDs of the languages beside English in which labels can be written, for example 1036 (French). Default: none. */
  readonly languages?: readonly number[];
  /**
   * Path of an SQLite file that keeps the organization's data. Default: in memory. Sample rows are added only to a new
   * file. Only one process at a time can open a file.
   */
  readonly file?: string;
  /**
   * Tables of a real organization (`d365 metadata pull`): its custom tables, columns, choices, lookups and alternate
   * keys are added to the standard ones.
   */
  readonly metadata?: readonly MetadataTable[];
}

/** A user who can sign in. */
export interface UserOptions {
  /** User principal name, for example `rosa.lind@contoso.example`. */
  readonly name: string;
  /** Default: the part of the name before `@`. */
  readonly displayName?: string;
  /** Default: generated from the seed. */
  readonly password?: string;
  /** Names of the organizations that the user is a member of. Default: all. */
  readonly organizations?: readonly string[];
  /** Names of security roles in each organization. Default: `System Administrator`. */
  readonly roles?: readonly string[];
}

/** An app registration. Without secrets and certificates, the app is a public client. */
export interface AppOptions {
  readonly name: string;
  /** Application (client) ID, a GUID. Default: generated from the seed. */
  readonly clientId?: string;
  readonly secrets?: readonly string[];
  /** X.509 certificates in PEM form. */
  readonly certificates?: readonly string[];
  /**
   * Redirect URIs. Default: `http://localhost`, `http://localhost/callback`, `http://127.0.0.1/callback`; any port
   * is accepted for these.
   */
  readonly redirectUris?: readonly string[];
  /** Who must consent before users can use the app. Default: `granted` (no consent page). */
  readonly consent?: ConsentPolicy;
  /** Whether the app accepts the tenants `organizations` and `common`. Default: true. */
  readonly multiTenant?: boolean;
  /** Names of the organizations in which the app has an application user. Default: all. */
  readonly organizations?: readonly string[];
  /** Names of security roles of its application user. Default: `System Administrator`. */
  readonly roles?: readonly string[];
}

/** How the organizations send webhooks and callbacks. */
export interface WebhookOptions {
  /**
   * Local addresses of public origins: `{ 'https://hooks.contoso.example': 'http://127.0.0.1:8090' }`. Other addresses
   * than those of this machine are refused.
   */
  readonly hosts?: Readonly<Record<string, string>>;
  /** Sends the requests instead of the sandbox, without its restriction to this machine. */
  readonly send?: SendWebhook;
}

/** Options of `createSandbox`. Each one has a default. */
export interface SandboxOptions {
  /** Default: one organization, `contoso`, with sample rows. */
  readonly organizations?: readonly OrganizationOptions[];
  /** Default: `rosa.lind@contoso.example` and `emil.varga@contoso.example`. */
  readonly users?: readonly UserOptions[];
  /** Default: one app with a secret and one public client. */
  readonly apps?: readonly AppOptions[];
  /**
   * Port of the authority. The discovery service takes the next port and the organizations the ports after it.
   * Default: free ports.
   */
  readonly port?: number;
  /**
   * The same seed gives the same ids, ticket numbers, sample rows, secrets, cookies, request ids, codes, tokens and random
   * faults. Default: 1.
   */
  readonly seed?: number;
  /** Clock for row times, limits, delays of faults and access tokens. Default: the system clock. */
  readonly clock?: Clock;
  /** Lifetimes of tokens and codes, in seconds. Default: those of Microsoft Entra ID. */
  readonly lifetimes?: Partial<TokenLifetimes>;
  /** Default: requests go to this machine only. */
  readonly webhooks?: WebhookOptions;
  /** Service protection limits of each organization. Default: those of Dataverse. */
  readonly limits?: Partial<LimitSettings>;
  /**
   * Readings of facts about Dataverse that nobody could confirm, for each organization. Default: the first reading of
   * each assumption.
   *
   * @example createSandbox({ assumptions: { versionFilter: 'refused' } })
   */
  readonly assumptions?: Partial<Assumptions>;
  /**
   * Whether using a refresh token twice ends the session (RFC 9700 section 4.14.2). Default: false, as in Microsoft
   * Entra ID.
   */
  readonly detectRefreshTokenReuse?: boolean;
}
