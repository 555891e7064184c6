import type { Clock } from 'dynamics365-connector';
import type { ConsentPolicy } from './authority/directory.ts';
import type { TokenLifetimes } from './authority/token-lifetimes.ts';
import type { LimitSettings } from './limits/limiter.ts';

/** One organization of a sandbox. */
export interface OrganizationOptions {
  /** Unique name: `contoso`. */
  readonly name: string;
  /** Believable rows to begin with, or none; `sample` unless told. */
  readonly data?: 'sample' | 'empty';
  /** Keeps the rows in this file (SQLite); in memory unless told. A file that has rows already gets no sample. */
  readonly file?: string;
}

/** Somebody who can sign in. */
export interface UserOptions {
  /** User principal name: `rosa.lind@contoso.example`. */
  readonly name: string;
  readonly displayName?: string;
  readonly password?: string;
  /** Names of the organizations that the user is a member of; all unless told. */
  readonly organizations?: readonly string[];
}

/** An app registration. With neither secrets nor certificates it is a public client. */
export interface AppOptions {
  readonly name: string;
  readonly clientId?: string;
  readonly secrets?: readonly string[];
  /** X.509 certificates in PEM form. */
  readonly certificates?: readonly string[];
  readonly redirectUris?: readonly string[];
  /** `granted` unless told: nobody is asked. */
  readonly consent?: ConsentPolicy;
  /** May be used through `organizations`; true unless told. */
  readonly multiTenant?: boolean;
  /** Names of the organizations where the app has an application user; all unless told. */
  readonly organizations?: readonly string[];
}

/** What a sandbox is made of; everything has a default. */
export interface SandboxOptions {
  /** One, `contoso`, with sample data, unless told. */
  readonly organizations?: readonly OrganizationOptions[];
  readonly users?: readonly UserOptions[];
  readonly apps?: readonly AppOptions[];
  /** Port of the authority; discovery has the next, organizations those behind it. Any free ones unless told. */
  readonly port?: number;
  /** Same seed, same ids, same faults by chance; 1 unless told. */
  readonly seed?: number;
  readonly clock?: Clock;
  readonly lifetimes?: Partial<TokenLifetimes>;
  readonly limits?: Partial<LimitSettings>;
  /** Using a refresh token twice kills the sign-in. Entra does not do that, so it is off unless told. */
  readonly detectRefreshTokenReuse?: boolean;
}
